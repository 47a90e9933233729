package io.apikeys.example.dashboard;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Points in time as people read them, in this machine's time zone. */
final class Times {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm z", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private Times() {}

    static String readable(Instant time) {
        return FORMAT.format(time);
    }
}
