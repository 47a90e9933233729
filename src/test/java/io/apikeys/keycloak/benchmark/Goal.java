package io.apikeys.keycloak.benchmark;

/**
 * What a subject is to reach against a floor of the same run.
 *
 * @param measured the ratio of the two, or their difference in the unit
 * @param upper whether the limit is the most; otherwise it is the least
 */
record Goal(String subject, String floor, double measured, double limit, boolean upper, String unit) {

    static Goal atLeast(String subject, String floor, double ratio, double least) {
        return new Goal(subject, floor, ratio, least, false, "×");
    }

    static Goal atMost(String subject, String floor, double ratio, double most) {
        return new Goal(subject, floor, ratio, most, true, "×");
    }

    static Goal atMostSecondsMore(String subject, String floor, double seconds, double most) {
        return new Goal(subject, floor, seconds, most, true, "s more");
    }

    boolean isReached() {
        return upper ? measured <= limit : measured >= limit;
    }

    String measuredText() {
        return Chart.text(measured) + " " + unit;
    }

    String limitText() {
        return (upper ? "≤ " : "≥ ") + Chart.text(limit) + " " + unit;
    }

    String verdict() {
        return isReached() ? "reached" : "not reached";
    }
}
