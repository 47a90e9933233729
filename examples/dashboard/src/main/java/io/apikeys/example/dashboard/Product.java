package io.apikeys.example.dashboard;

import java.net.URI;
import org.springframework.boot.context.properties.ConfigurationProperties;

/**
 * What this program is called, and what it knows of others.
 *
 * @param theme the name of its colours in {@code product.css}
 * @param report the address of the report, at the example API
 * @param other the program that users are signed in to at the same time
 */
@ConfigurationProperties("product")
record Product(String name, String theme, URI report, Other other) {

    record Other(String name, URI url) {}
}
