package io.apikeys.keycloak.limit;

/**
 * Uses of a key that a node has taken and may allow without asking the database. Not thread-safe. Times are in
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
     * Creates a lease.
     *
     * @param until the first moment at which the lease is no longer valid
     * @param setAt when the limits were set
     * @param windowEnd the end of the window from which the lease was taken
     * @param windowLeft the uses left in the window for other nodes
     * @param refillAt when the quota from which the lease was taken is refilled
     * @param quotaLeft the uses left in the quota for other nodes
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
