package io.apikeys.keycloak.login;

import io.apikeys.keycloak.policy.Expiry;
import io.apikeys.keycloak.policy.RealmPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expiry that the page offers.
 *
 * @param value the form value: a number of days, or {@value #NEVER}
 * @param days null for never
 * @param usual whether the page preselects this choice
 */
public record ExpiryChoice(String value, @Nullable Long days, boolean usual) {

    private static final String NEVER = "never";
    private static final List<Long> OFFERED = List.of(7L, 30L, 90L, 180L, 365L);
    private static final long PROPOSED = 90;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    /** Returns the choices that a realm allows, the shortest first. */
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

    private static @Nullable Long days(@Nullable Duration duration) {
        return duration == null ? null : duration.toDays();
    }

    /** Reads a form value: a number of days, or {@value #NEVER}. Any other text means the realm's usual expiry. */
    static Expiry read(String value) {
        if (NEVER.equals(value)) {
            return new Expiry.Never();
        }
        return NUMBER.matcher(value).matches()
                ? new Expiry.In(Duration.ofDays(Long.parseLong(value)))
                : new Expiry.Usual();
    }
}
