package io.apikeys.keycloak.benchmark;

import java.util.List;
import java.util.Locale;

/**
 * Numbers of one unit, to be shown as bars.
 *
 * @param unit such as {@code ms}
 */
record Chart(String title, String unit, List<Bar> bars) {

    /** A subject's median, and the least and the most that was measured. */
    record Bar(String label, double value, double least, double most) {

        String valueText() {
            return text(value);
        }

        String range() {
            return text(least) + " – " + text(most);
        }
    }

    /** Returns a number with three digits or more. */
    static String text(double number) {
        String format = Math.abs(number) >= 100 ? "%,.0f" : Math.abs(number) >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, format, number);
    }
}
