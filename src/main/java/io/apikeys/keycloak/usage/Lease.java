package io.apikeys.keycloak.usage;

/**
 * Uses of a key that a node has taken and may let through without asking the database. Not thread-safe. Times are
 * milliseconds since 1970.
 */
final class Lease {

    private final long taken;
    private final long until;
    private final long setAt;
    private final long windowEnd;
    private final long windowLeft;
    private final long refillAt;
    private final long quotaLeft;
    private long left;

    /**
     * @param until the first moment at which it is no longer good
     * @param setAt when the limits were set
     * @param windowEnd of the window that it was taken from
     * @param windowLeft what other nodes found in the window after it was taken
     * @param refillAt when the quota that it was taken from is filled up
     * @param quotaLeft what other nodes found of the quota after it was taken
     */
    Lease(long taken, long until, long setAt, long windowEnd, long windowLeft, long refillAt, long quotaLeft) {
        this.taken = taken;
        this.until = until;
        this.setAt = setAt;
        this.windowEnd = windowEnd;
        this.windowLeft = windowLeft;
        this.refillAt = refillAt;
        this.quotaLeft = quotaLeft;
        this.left = taken;
    }

    boolean use(long now) {
        if (left == 0 || now >= until) {
            return false;
        }
        left--;
        return true;
    }

    void unuse() {
        left++;
    }

    boolean isOver(long now) {
        return now >= until;
    }

    long taken() {
        return taken;
    }

    long left() {
        return left;
    }

    long setAt() {
        return setAt;
    }

    long windowEnd() {
        return windowEnd;
    }

    long windowLeft() {
        return windowLeft + left;
    }

    long refillAt() {
        return refillAt;
    }

    long quotaLeft() {
        return quotaLeft + left;
    }
}
