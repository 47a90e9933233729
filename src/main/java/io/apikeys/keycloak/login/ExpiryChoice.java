package io.apikeys.keycloak.login;

import io.apikeys.keycloak.management.Expiry;
import io.apikeys.keycloak.policy.RealmPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * How long a key may live, as the page offers it.
 *
 * @param value what the form sends: a number of days, or {@value #NEVER}
 * @param days null for never
 * @param usual whether it is chosen unless the user chooses another
 */
public record ExpiryChoice(String value, Long days, boolean usual) {

    private static final String NEVER = "never";
    private static final List<Long> OFFERED = List.of(7L, 30L, 90L, 180L, 365L);
    private static final long PROPOSED = 90;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    /** What a realm allows, the shortest first. */
    static List<ExpiryChoice> within(RealmPolicy policy) {
        List<Long> days = new ArrayList<>(OFFERED);
        Long longest = days(policy.longestExpiry());
        Long usual = days(policy.defaultExpiry());
        if (longest != null) {
            days.removeIf(offered -> offered > longest);
            days.add(longest);
        }
        if (usual != null) {
            days.add(usual);
        }
        long chosen = usual != null ? usual : longest != null ? Math.min(longest, PROPOSED) : PROPOSED;
        List<ExpiryChoice> choices = new ArrayList<>(days.stream()
                .distinct()
                .sorted()
                .map(offered -> new ExpiryChoice(offered.toString(), offered, offered == chosen))
                .toList());
        if (longest == null && !policy.expiryRequired()) {
            choices.add(new ExpiryChoice(NEVER, null, false));
        }
        return choices;
    }

    private static Long days(Duration duration) {
        return duration == null ? null : duration.toDays();
    }

    /** What the form has sent; anything else stands for what is usual. */
    static Expiry read(String value) {
        if (NEVER.equals(value)) {
            return new Expiry.Never();
        }
        return NUMBER.matcher(value).matches()
                ? new Expiry.At(Instant.now().plus(Duration.ofDays(Long.parseLong(value))))
                : new Expiry.Usual();
    }
}
