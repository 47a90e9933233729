package io.apikeys.example.dashboard;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** A program that knows nothing of API keys when it signs users in: it trusts Keycloak, and Keycloak takes the key. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Dashboard {

    public static void main(String[] arguments) {
        SpringApplication.run(Dashboard.class, arguments);
    }
}
