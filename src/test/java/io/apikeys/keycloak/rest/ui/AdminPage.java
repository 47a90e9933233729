package io.apikeys.keycloak.rest.ui;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.apikeys.keycloak.support.TestRealm;

/**
 * A page with {@code <keycloak-api-keys-admin>} in it, as an administrator sees it.
 *
 * @param page in the browser
 */
record AdminPage(Page page) implements PageWithKeys {

    @Override
    public String elementName() {
        return "keycloak-api-keys-admin";
    }

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

    Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
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
}
