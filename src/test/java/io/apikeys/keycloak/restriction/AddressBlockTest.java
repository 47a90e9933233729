package io.apikeys.keycloak.restriction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255",
        "192.0.2.1, 192.0.2.1",
        "0.0.0.0/0, 203.0.113.9",
        "192.0.2.0/24, ::ffff:192.0.2.7",
        "2001:db8::/32, 2001:db8:ffff::1",
        "::/0, ::1",
        "fe80::/10, fe80::1%eth0",
        "2001:db8::/32, 2001:0DB8:0:0:0:0:0:1"
    })
    void holds(String block, String address) {
        assertThat(AddressBlock.parse(block).contains(address)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.3.0",
        "192.0.2.1, 192.0.2.2",
        "0.0.0.0/0, ::1",
        "::/0, 192.0.2.1",
        "2001:db8::/32, 2001:db9::1",
        "192.0.2.0/24, example.org",
        "192.0.2.0/24, ''",
        "192.0.2.0/24, 192.0.2",
        "0.0.0.0/0, 3221225985"
    })
    void doesNotHold(String block, String address) {
        assertThat(AddressBlock.parse(block).contains(address)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/24",
                "192.0.2.0/",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/2 4",
                "192.0.2/24",
                "256.0.0.1",
                "01.2.3.4",
                "192.0.2.1.",
                "192.0.2.0/24/24",
                "192.0.2.1/24",
                "2001:db8::/129",
                "2001:db8::1/32",
                ":",
                ":::",
                "2001:db8::g",
                "localhost",
                "example.org/24",
                "0x7f000001",
                "2130706433"
            })
    void isNoBlock(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressBlock.parse(text));
    }

    @Property
    void anAddressIsInTheBlockThatSharesItsFirstBits(
            @ForAll @Size(4) byte[] address, @ForAll @Size(4) byte[] other, @ForAll @IntRange(max = 32) int length)
            throws UnknownHostException {
        BigInteger mask = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE.shiftLeft(32 - length));
        BigInteger network = new BigInteger(1, address).and(mask);
        AddressBlock block = AddressBlock.parse(text(network) + "/" + length);

        assertThat(block.contains(text(new BigInteger(1, address)))).isTrue();
        assertThat(block.contains(text(new BigInteger(1, other))))
                .isEqualTo(new BigInteger(1, other).and(mask).equals(network));
    }

    @Test
    void oneBlockHoldsAnother() {
        AddressBlock wide = AddressBlock.parse("192.0.2.0/24");
        assertThat(wide.contains(AddressBlock.parse("192.0.2.128/25"))).isTrue();
        assertThat(wide.contains(wide)).isTrue();
        assertThat(wide.contains(AddressBlock.parse("192.0.0.0/16"))).isFalse();
        assertThat(wide.contains(AddressBlock.parse("::/0"))).isFalse();
    }

    private static String text(BigInteger address) throws UnknownHostException {
        byte[] bytes = new byte[4];
        byte[] number = address.toByteArray();
        for (int i = 0; i < Math.min(4, number.length); i++) {
            bytes[3 - i] = number[number.length - 1 - i];
        }
        return InetAddress.getByAddress(bytes).getHostAddress();
    }
}
