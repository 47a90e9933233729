package io.apikeys.keycloak.support;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A real browser for the tests of a class: the Chromium of this machine, without a window. Where there is none the class
 * is skipped, or fails with {@code -Dbrowser.required=true}.
 */
public final class Chromium implements ExecutionCondition, BeforeAllCallback {

    private static final Optional<Path> EXECUTABLE = Stream.of(
                    "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
            .map(Path::of)
            .filter(Files::isExecutable)
            .findFirst();

    /** No sandbox, because containers and root have none to give; nothing that calls home. */
    private static final List<String> FLAGS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    /** How long a page may take to become what a test expects, on a machine that does other things as well. */
    private static final int PATIENCE_MILLIS = 30_000;

    private static Browser browser;

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        if (EXECUTABLE.isPresent()) {
            return ConditionEvaluationResult.enabled("Chromium is there");
        }
        String message = "No Chromium on this machine; Debian's package chromium has one.";
        if (Boolean.parseBoolean(KeycloakServer.required("browser.required"))) {
            throw new IllegalStateException(message);
        }
        System.err.println(context.getDisplayName() + " is skipped: " + message);
        return ConditionEvaluationResult.disabled(message);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
        if (browser == null) {
            Playwright playwright = Playwright.create(
                    new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
            browser = playwright
                    .chromium()
                    .launch(new LaunchOptions()
                            .setExecutablePath(EXECUTABLE.orElseThrow())
                            .setArgs(FLAGS));
        }
    }

    /** A page of a person without history. The program that they sign in to is a blank page. */
    public static Page page(Browser.NewContextOptions options) {
        Page page = browser.newContext(options).newPage();
        page.route(App.REDIRECT_URI + "**", route -> route.fulfill());
        return page;
    }

    /** Takes a picture for people to look at. */
    public static void picture(Page page, String name) {
        page.waitForFunction("document.fonts.status === 'loaded'");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", name + ".png"))
                .setFullPage(true));
    }
}
