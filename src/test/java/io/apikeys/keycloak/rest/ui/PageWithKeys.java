package io.apikeys.keycloak.rest.ui;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.apikeys.keycloak.support.Chromium;
import io.apikeys.keycloak.support.Secrets;

/** A page with one of the elements that show keys, for users or for administrators. */
interface PageWithKeys {

    /** Returns the page in the browser. */
    Page page();

    /** Returns the name of the element. */
    String elementName();

    default Locator element() {
        return page().locator(elementName());
    }

    default Locator button(String name) {
        return page().getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    default Locator dialog() {
        return element().locator("dialog");
    }

    default Locator status() {
        return element().locator(".status");
    }

    /** Returns the key that is shown now and never again. */
    default String readKey() {
        Locator key = dialog().locator(".key");
        key.waitFor();
        String raw = key.inputValue();
        Secrets.register(raw);
        return raw;
    }

    /** Says that the key is saved, and closes the dialog. */
    default void confirmSaved() {
        dialog().locator("input[type=checkbox]").check();
        dialog().locator("button.primary").click();
        assertThat(dialog()).hasCount(0);
    }

    default void assertFitsAndIsAccessible(String name) {
        Chromium.picture(page(), name);
        assertThat(page().evaluate("document.documentElement.scrollWidth <= window.innerWidth"))
                .as("nothing is cut off at the right")
                .isEqualTo(true);
        assertThat(new AxeBuilder(page()).include(elementName()).analyze().getViolations())
                .isEmpty();
    }
}
