package io.apikeys.example.dashboard;

import org.springframework.security.authentication.InsufficientAuthenticationException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;

/** What people see. */
@Controller
class Pages {

    private final Product product;
    private final KeycloakRealm realm;

    Pages(Product product, KeycloakRealm realm) {
        this.product = product;
        this.realm = realm;
    }

    @ModelAttribute
    void common(Model model, @AuthenticationPrincipal OidcUser user) {
        model.addAttribute("product", product);
        model.addAttribute("user", user);
    }

    /** Shows who is signed in, since when, by which key, and what the token says. */
    @GetMapping("/")
    String overview(@AuthenticationPrincipal OidcUser user, Model model) {
        SignedInKey key = SignedInKey.of(user);
        if (key != null) {
            KeycloakRealm.KeyDetails details = realm.details(key);
            model.addAttribute("key", key);
            model.addAttribute("hint", details.hint());
            model.addAttribute("expires", details.expiresAt() == null ? "never" : Times.readable(details.expiresAt()));
        }
        model.addAttribute("since", Times.readable(user.getAuthenticatedAt()));
        model.addAttribute("claims", Claims.of(user.getIdToken()));
        return "overview";
    }

    /**
     * Shows Keycloak's element for API keys.
     *
     * @param maxAge how many seconds ago the login may be; Spring sends the user to Keycloak, which asks for another if it was earlier
     * @param back set by Spring when the user comes back from there
     */
    @GetMapping("/keys")
    String keys(
            @RequestParam(name = LoginRequests.MAX_AGE, required = false) Integer maxAge,
            @RequestParam(name = "continue", required = false) String back,
            Model model) {
        if (maxAge != null && back == null) {
            throw new InsufficientAuthenticationException("A login of the last " + maxAge + " seconds is needed.");
        }
        model.addAttribute("realmUrl", realm.url());
        return "keys";
    }

    /** @param ended there if the session has ended without the user's doing */
    @GetMapping("/signed-out")
    String signedOut(@RequestParam(required = false) String ended, Model model) {
        model.addAttribute("ended", ended != null);
        return "signed-out";
    }
}
