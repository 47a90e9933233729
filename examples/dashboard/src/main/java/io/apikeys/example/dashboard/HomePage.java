package io.apikeys.example.dashboard;

import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.FormatStyle;
import java.util.Locale;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** Who is signed in, since when, and by which key; all of it from the ID token. */
@Controller
class HomePage {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofLocalizedDateTime(FormatStyle.LONG, FormatStyle.SHORT).withZone(ZoneId.systemDefault());

    @GetMapping("/")
    String show(@AuthenticationPrincipal OidcUser user, Locale locale, Model model) {
        model.addAttribute("user", user);
        model.addAttribute("since", TIME.withLocale(locale).format(user.getAuthenticatedAt()));
        model.addAttribute("key", user.getClaimAsMap("api_key"));
        return "home";
    }
}
