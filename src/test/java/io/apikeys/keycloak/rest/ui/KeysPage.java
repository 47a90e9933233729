package io.apikeys.keycloak.rest.ui;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.apikeys.keycloak.support.TestRealm;

/**
 * A page with {@code <keycloak-api-keys>} in it, as its user sees it.
 *
 * @param page in the browser
 */
record KeysPage(Page page) implements PageWithKeys {

    @Override
    public String elementName() {
        return "keycloak-api-keys";
    }

    /** Opens an address that asks for a login. */
    void logIn(String address, String username) {
        page.navigate(address);
        page.locator("#username").fill(username);
        page.locator("#password").fill(TestRealm.PASSWORD);
        page.locator("#kc-login").click();
    }

    /** Presses the button with which the dialog that is open sends its form. */
    void submit(String name) {
        dialog().getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName(name).setExact(true))
                .click();
    }

    Locator row(String name) {
        return page.locator("keycloak-api-keys tbody tr")
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.BUTTON,
                                new Page.GetByRoleOptions().setName(name).setExact(true))));
    }
}
