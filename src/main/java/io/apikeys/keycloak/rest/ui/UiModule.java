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
 * An ES module of the page, from the jar.
 *
 * @param tag changes with the content
 */
record UiModule(String content, EntityTag tag) {

    /** All modules, by name. Nothing else of the jar can be asked for. */
    static final Map<String, UiModule> ALL = Stream.of(
                    "account-page.js",
                    "account-session.js",
                    "api-keys.js",
                    "create-dialog.js",
                    "details-dialog.js",
                    "dialog.js",
                    "dom.js",
                    "draft.js",
                    "expiry-field.js",
                    "format.js",
                    "key-list.js",
                    "keys-client.js",
                    "restrictions-field.js",
                    "revoke-dialog.js",
                    "rotate-dialog.js",
                    "shown-once.js",
                    "styles.js",
                    "texts.js")
            .collect(Collectors.toUnmodifiableMap(Function.identity(), UiModule::load));

    private static UiModule load(String name) {
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
