package io.apikeys.keycloak.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.limit.Limits.Quota;
import io.apikeys.keycloak.limit.Limits.RateLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What nodes take from the row of a key, whatever they do in whatever order. */
class LimitRecordTest {

    private static final long START = 1_000_000;

    @Property
    void nodesTogetherUseNoMoreThanAWindowAndAFillingAllow(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int max, @ForAll @IntRange(max = 300) int quota) {
        Random random = new Random(seed);
        Limits limits = new Limits(new RateLimit(max, 10), new Quota(quota, 50L, 25L), 1, "id");
        LimitRecord row = new LimitRecord("id", limits, START);
        List<Lease> leases = new ArrayList<>();
        long now = START;
        long window = 0;
        long usedInWindow = 0;
        long filling = START + 25_000;
        long usedInFilling = 0;
        long most = quota;
        for (int step = 0; step < 2_000; step++) {
            now += random.nextInt(30);
            row.moveTo(now, limits);
            Lease seen = row.take(0, limits, now + 2_000);
            if (seen.windowEnd() != window) {
                window = seen.windowEnd();
                usedInWindow = 0;
            }
            if (seen.refillAt() != filling) {
                filling = seen.refillAt();
                most = Math.max(most - usedInFilling, 50);
                usedInFilling = 0;
            }
            switch (random.nextInt(4)) {
                case 0 -> leases.add(row.take(1 + random.nextInt(64), limits, now + 2_000));
                case 1 -> {
                    if (!leases.isEmpty()) {
                        row.putBack(leases.remove(random.nextInt(leases.size())));
                    }
                }
                default -> {
                    if (!leases.isEmpty()
                            && leases.get(random.nextInt(leases.size())).use(now)) {
                        usedInWindow++;
                        usedInFilling++;
                    }
                }
            }
            assertThat(usedInWindow).isLessThanOrEqualTo(max);
            assertThat(usedInFilling).isLessThanOrEqualTo(most);
        }
    }

    @Test
    void towardsTheEndEachUseIsTakenByItself() {
        Limits limits = new Limits(null, new Quota(20, null, null), 1, "id");
        LimitRecord row = new LimitRecord("id", limits, START);

        assertThat(row.take(1_000, limits, START).taken()).isEqualTo(2);
        for (int left = 18; left > 0; left--) {
            assertThat(row.take(1, limits, START).taken()).isEqualTo(1);
        }
        assertThat(row.take(1, limits, START).taken()).isZero();
    }

    @Test
    void whatWasTakenFromAnEarlierWindowDoesNotComeBackToALaterOne() {
        Limits limits = new Limits(new RateLimit(80, 10), null, 1, "id");
        LimitRecord row = new LimitRecord("id", limits, START);
        row.moveTo(START, limits);
        Lease old = row.take(10, limits, START + 2_000);
        row.moveTo(START + 10_000, limits);

        row.putBack(old);

        assertThat(row.take(0, limits, START + 12_000).windowLeft()).isEqualTo(80);
    }

    @Test
    void aLeaseEndsWithItsWindowAndItsFilling() {
        Limits limits = new Limits(new RateLimit(80, 1), new Quota(80, 80L, 2L), 1, "id");
        LimitRecord row = new LimitRecord("id", limits, START);
        row.moveTo(START, limits);

        Lease lease = row.take(8, limits, START + 60_000);

        assertThat(lease.use(START + 999)).isTrue();
        assertThat(lease.use(START + 1_000)).isFalse();
    }

    @Test
    void aRefillFillsUpAndTakesNothingAway() {
        Limits limits = new Limits(null, new Quota(1_000, 10L, 1L), 1, "id");
        LimitRecord row = new LimitRecord("id", limits, START);
        row.moveTo(START + 5_500, limits);

        assertThat(row.quotaLeft()).isEqualTo(1_000);
    }

    @Test
    void limitsThatWereSetAnewTakeNothingBackFromBefore() {
        LimitRecord row = new LimitRecord("id", new Limits(null, new Quota(80, null, null), 1, "id"), START);
        Lease old = row.take(8, new Limits(null, new Quota(80, null, null), 1, "id"), START + 2_000);
        row.reset(new Limits(null, new Quota(5, null, null), 2, "id"), START);

        row.putBack(old);

        assertThat(row.quotaLeft()).isEqualTo(5);
    }
}
