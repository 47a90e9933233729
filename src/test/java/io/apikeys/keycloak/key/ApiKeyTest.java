package io.apikeys.keycloak.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

class ApiKeyTest {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ALICE = "c9f3a2de-0f5b-4d0e-9a57-2f9f3bb0a001";

    @Provide
    Arbitrary<String> userIds() {
        Arbitrary<String> uuids = Arbitraries.create(() -> UUID.randomUUID().toString());
        Arbitrary<String> extremes =
                Arbitraries.of(new UUID(0, 0).toString(), new UUID(-1, -1).toString(), new UUID(0, 1).toString());
        Arbitrary<String> others = Arbitraries.strings()
                .ofMinLength(1)
                .ofMaxLength(60)
                .filter(id -> id.chars().noneMatch(Character::isISOControl)
                        && StandardCharsets.UTF_8.newEncoder().canEncode(id));
        return Arbitraries.oneOf(uuids, extremes, others, others.map(id -> "f:ldap:" + id));
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.strings()
                .withCharRange('a', 'z')
                .numeric()
                .ofMinLength(2)
                .ofMaxLength(12)
                .filter(prefix -> ApiKey.PREFIX.matcher(prefix).matches());
    }

    @Property
    void aGeneratedKeyIsReadBackWithItsHolder(@ForAll("prefixes") String prefix, @ForAll("userIds") String userId) {
        ApiKey key = ApiKey.generate(prefix, userId, RANDOM);

        assertThat(ApiKey.parse(key.reveal())).hasValueSatisfying(read -> {
            assertThat(read.holderId()).isEqualTo(userId);
            assertThat(read.hash().matches(key.hash())).isTrue();
            assertThat(read.hint()).isEqualTo(key.hint());
        });
    }

    @Property
    void anyChangedCharacterIsNoticed(
            @ForAll("userIds") String userId, @ForAll @IntRange(max = 75) int position, @ForAll char replacement) {
        String key = ApiKey.generate("kck", userId, RANDOM).reveal();
        int index = position % key.length();
        Assume.that(key.charAt(index) != replacement);

        String changed = key.substring(0, index) + replacement + key.substring(index + 1);
        assertThat(ApiKey.parse(changed).filter(read -> changed.strip().equals(read.reveal())))
                .isEmpty();
    }

    @Property
    void anyTruncatedKeyIsNoticed(@ForAll @IntRange(max = 75) int length) {
        String key = ApiKey.generate("kck", ALICE, RANDOM).reveal();
        assertThat(ApiKey.parse(key.substring(0, length))).isEmpty();
        assertThat(ApiKey.parse(key.substring(length + 1))).isEmpty();
    }

    @Property
    void noTextMakesTheParserFail(@ForAll String text) {
        assertThat(ApiKey.parse(text)).isEmpty();
    }

    @Property
    @StatisticsReport(StatisticsReportMode.OFF)
    void aWellFormedKeyThatNobodyIssuedNamesAtMostOneHolder(@ForAll("locators") String locator) {
        Optional<String> named = ApiKey.parse(forged(locator)).map(read -> Locator.of(read.holderId()));

        assertThat(named.orElse(locator)).isEqualTo(locator);
        Statistics.label("names a holder").collect(named.isPresent());
        Statistics.label("names a holder").coverage(tried -> tried.check(true).count(times -> times > 0));
    }

    @Provide
    Arbitrary<String> locators() {
        Arbitrary<String> digits = Arbitraries.strings().withChars(Base62.DIGITS.toCharArray());
        return Arbitraries.oneOf(
                Arbitraries.of("0", "1", "6", "7")
                        .flatMap(first -> ((net.jqwik.api.arbitraries.StringArbitrary) digits)
                                .ofLength(21)
                                .map(first::concat)),
                ((net.jqwik.api.arbitraries.StringArbitrary) digits)
                        .ofMinLength(1)
                        .ofMaxLength(80)
                        .map("x"::concat));
    }

    @Example
    void aKeyOfAUuidHasTheDocumentedShape() {
        String key = ApiKey.generate("kck", ALICE, RANDOM).reveal();

        assertThat(key).hasSize(76).matches("kck_[0-7][0-9A-Za-z]{21}_[0-9A-Za-z]{43}[0-9A-Za-z]{6}");
    }

    @Example
    void surroundingWhiteSpaceIsForgivenAndNothingElse() {
        String key = ApiKey.generate("kck", ALICE, RANDOM).reveal();

        assertThat(ApiKey.parse(" \t\r\n " + key + "  \n")).isPresent();
        assertThat(ApiKey.parse('"' + key + '"')).isEmpty();
        assertThat(ApiKey.parse(key.replace('_', ' '))).isEmpty();
        assertThat(ApiKey.parse(key.toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(ApiKey.parse(key + "\0")).isEmpty();
        assertThat(ApiKey.parse("x".repeat(20_000))).isEmpty();
        assertThat(ApiKey.parse(null)).isEmpty();
    }

    @Example
    void theHintAndTheTextFormGiveNothingAway() {
        ApiKey key = ApiKey.generate("kck", ALICE, RANDOM);

        assertThat(key.hint()).matches("kck_…[0-9A-Za-z]{6}");
        assertThat(key).hasToString(key.hint());
    }

    @Example
    void theHashIsThatOfTheWholeKey() {
        ApiKey key = ApiKey.parse("kck_6C5v7qDrL0V3pmZyDHbRyV_" + "0".repeat(43) + "000000")
                .orElse(null);
        assertThat(key).as("a wrong checksum").isNull();

        ApiKey forged = ApiKey.parse(forged(Locator.of(ALICE))).orElseThrow();
        assertThat(forged.hash().algorithm()).isEqualTo("SHA-256");
        assertThat(forged.hash().hash()).hasSize(43).doesNotContain("=");
        assertThat(forged.hash().matches(ApiKey.generate("kck", ALICE, RANDOM).hash()))
                .isFalse();
    }

    @Example
    void aUserIdThatCannotBeWrittenIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> ApiKey.generate("kck", "", RANDOM));
        assertThatIllegalArgumentException().isThrownBy(() -> ApiKey.generate("kck", "a\0b", RANDOM));
        assertThatIllegalArgumentException().isThrownBy(() -> ApiKey.generate("kck", "ü".repeat(128), RANDOM));
        assertThatIllegalArgumentException().isThrownBy(() -> ApiKey.generate("KCK", ALICE, RANDOM));
    }

    @Example
    void aForgedLocatorNeverYieldsAControlCharacter() {
        String nul =
                "x" + Base62.encode("a\0b".getBytes(StandardCharsets.UTF_8), 5).replaceFirst("^0+", "");

        assertThat(ApiKey.parse(forged(nul))).isEmpty();
    }

    /** A key with a right checksum around any locator: what an attacker can always make. */
    private static String forged(String locator) {
        String body = "kck_" + locator + "_" + "A".repeat(43);
        CRC32 crc = new CRC32();
        crc.update(body.getBytes(StandardCharsets.US_ASCII));
        StringBuilder checksum = new StringBuilder();
        for (long value = crc.getValue(); checksum.length() < 6; value /= 62) {
            checksum.insert(0, Base62.DIGITS.charAt((int) (value % 62)));
        }
        return body + checksum;
    }
}
