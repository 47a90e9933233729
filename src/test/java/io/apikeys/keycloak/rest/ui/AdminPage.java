package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.Secrets;
import io.apikeys.keycloak.support.TestRealm;

/**
 * A page with {@code <keycloak-api-keys-admin>} in it, as an administrator sees it.
 *
 * @param page in the browser
 */
record AdminPage(Page page) {

    /** Opens an address that asks for a login. */
    void logIn(String address, String username) {
        logIn(address, username, TestRealm.PASSWORD);
    }

    void logIn(String address, String username, String password) {
        page.navigate(address);
        page.locator("#username").fill(username);
        page.locator("#password").fill(password);
        page.locator("#kc-login").click();
    }

    Locator element() {
        return page.locator("keycloak-api-keys-admin");
    }

    Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    Locator dialog() {
        return element().locator("dialog");
    }

    /** Presses the button with which the dialog that is open sends its form. */
    void submit() {
        dialog().locator("button[type=submit]").click();
    }

    Locator rows() {
        return element().locator("tbody tr");
    }

    Locator row(String name) {
        return rows().filter(new Locator.FilterOptions()
                .setHas(page.getByRole(
                        AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true))));
    }

    Locator status() {
        return element().locator(".status");
    }

    /** Returns the key that is shown now and never again. */
    String readKey() {
        Locator key = dialog().locator(".key");
        key.waitFor();
        String raw = key.inputValue();
        Secrets.register(raw);
        return raw;
    }

    /** Says that the key is saved, and closes the dialog. */
    void confirmSaved() {
        dialog().locator("input[type=checkbox]").check();
        dialog().locator("button.primary").click();
        assertThat(dialog()).hasCount(0);
    }

    void assertFitsAndIsAccessible(String name) {
        Chromium.picture(page, name);
        assertThat(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("nothing is cut off at the right")
                .isEqualTo(true);
        assertThat(new AxeBuilder(page)
                        .include("keycloak-api-keys-admin")
                        .analyze()
                        .getViolations())
                .isEmpty();
    }
}
