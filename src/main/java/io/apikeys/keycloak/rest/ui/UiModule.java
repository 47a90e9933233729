package io.apikeys.keycloak.rest.ui;

import jakarta.ws.rs.core.EntityTag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A file of the pages, from the jar.
 *
 * @param tag changes with the content
 */
record UiModule(String content, EntityTag tag) {

    /** All modules, by name. Nothing else of the jar can be asked for. */
    static final Map<String, UiModule> ALL = Stream.of(
                    "account-page.js",
                    "admin-change-dialog.js",
                    "admin-client.js",
                    "admin-create-dialog.js",
                    "admin-keys.js",
                    "admin-navigation.js",
                    "admin-revoke-dialog.js",
                    "admin-route.js",
                    "admin-styles.js",
                    "api-keys.js",
                    "console-page.js",
                    "console-session.js",
                    "console-styles.js",
                    "create-dialog.js",
                    "csv.js",
                    "details-dialog.js",
                    "dialog.js",
                    "dom.js",
                    "download.js",
                    "draft.js",
                    "embedded-session.js",
                    "expiry-field.js",
                    "facts.js",
                    "format.js",
                    "holder-choices.js",
                    "holder-field.js",
                    "import-file.js",
                    "import-view.js",
                    "inventory-filter.js",
                    "inventory-table.js",
                    "inventory-view.js",
                    "key-cells.js",
                    "key-csv.js",
                    "key-list.js",
                    "key-view.js",
                    "keys-client.js",
                    "limits-field.js",
                    "look-up-dialog.js",
                    "metadata-field.js",
                    "oidc.js",
                    "policy-rules.js",
                    "policy-view.js",
                    "rest-client.js",
                    "restrictions-field.js",
                    "revoke-dialog.js",
                    "rotate-dialog.js",
                    "shown-once.js",
                    "styles.js",
                    "texts.js",
                    "uses-chart.js")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), UiModule::load));

    static UiModule load(String name) {
        try (InputStream module = UiModule.class.getResourceAsStream("/api-keys-ui/" + name)) {
            if (module == null) {
                throw new IllegalStateException("The jar lacks /api-keys-ui/" + name);
            }
            byte[] content = module.readAllBytes();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return new UiModule(
                    new String(content, StandardCharsets.UTF_8),
                    new EntityTag(HexFormat.of().formatHex(digest, 0, 16)));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
