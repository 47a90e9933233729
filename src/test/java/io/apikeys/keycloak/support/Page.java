package io.apikeys.keycloak.support;

import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.FormElement;

/** What the browser shows; after a redirect that leaves Keycloak, only where it led. */
public record Page(Browser browser, URI uri, int status, Document html) {

    public Page submit(Map<String, String> input) {
        return submit(form("form[method=post]"), input);
    }

    /** Types a key into the key page. */
    public Page typeKey(String key) {
        return submit(form("#kc-api-key-form"), Map.of("apiKey", key));
    }

    public Page logIn(String username, String password) {
        return submit(form("#kc-form-login"), Map.of("username", username, "password", password));
    }

    public boolean offersAnotherWay() {
        return html.selectFirst("#kc-select-try-another-way-form") != null;
    }

    public Page tryApiKey() {
        return tryAnotherWay("API key");
    }

    /** "Try another way" and, on the page that follows, what bears this label. */
    public Page tryAnotherWay(String label) {
        Page choice = submit(form("#kc-select-try-another-way-form"), Map.of());
        Element option = choice.html.select("li:has(form), button[name=authenticationExecution]").stream()
                .filter(item -> item.text().contains(label))
                .findFirst()
                .orElseThrow(() -> new AssertionError(label + " is not offered: " + choice.text()));
        // Each generation of themes has a list of its own: of forms, or of buttons in one form.
        return option.nameIs("li")
                ? choice.submit((FormElement) option.selectFirst("form"), Map.of())
                : choice.submit(
                        (FormElement) option.closest("form"), Map.of(option.attr("name"), option.attr("value")));
    }

    public boolean asksForKey() {
        return html.selectFirst("#kc-api-key-form") != null;
    }

    /** Whether the browser was sent back to the program, as it is after a login. */
    public boolean isBackAtTheApp() {
        return uri.toString().startsWith(App.REDIRECT_URI + "?");
    }

    /** The message at the key field; empty if there is none. */
    public String keyError() {
        Element error = html.selectFirst("#apiKey-error");
        return error == null ? "" : error.text();
    }

    public String text() {
        return html.text();
    }

    /** A parameter of the address that the browser was sent to. */
    public String parameter(String name) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : String.valueOf(uri.getRawQuery()).split("&", -1)) {
            String[] parts = pair.split("=", 2);
            parameters.put(parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        String value = parameters.get(name);
        if (value == null) {
            throw new AssertionError("No " + name + " at " + uri + "; the page says: " + text());
        }
        return value;
    }

    private FormElement form(String selector) {
        Element form = html.selectFirst(selector);
        if (form == null) {
            throw new AssertionError("No " + selector + " at " + uri + " (" + status + "): " + text());
        }
        return (FormElement) form;
    }

    private Page submit(FormElement form, Map<String, String> input) {
        Map<String, String> fields = new LinkedHashMap<>();
        form.formData().forEach(field -> fields.put(field.key(), field.value()));
        fields.putAll(input);
        return browser.post(uri.resolve(form.attr("action")), fields);
    }
}
