package io.apikeys.keycloak.restriction;

import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A block of IPv4 or IPv6 addresses, written as in RFC 4632 and RFC 4291: {@code 192.0.2.0/24}, {@code 2001:db8::/32},
 * or a single address. An IPv4-mapped IPv6 address ({@code ::ffff:192.0.2.1}) is an IPv4 address.
 */
public final class AddressBlock {

    /** Excludes any text that could be a host name, because that would be looked up. */
    private static final Pattern LITERAL =
            Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}|(?=.*:)[0-9A-Fa-f:.]{2,45}");

    private static final Pattern LENGTH = Pattern.compile("\\d{1,3}");

    private final String text;
    private final byte[] network;
    private final int length;

    private AddressBlock(String text, byte[] network, int length) {
        this.text = text;
        this.network = network;
        this.length = length;
    }

    /**
     * Parses a block.
     *
     * @throws IllegalArgumentException if the text is not a block; also if bits are set after the length, as in
     *     {@code 192.0.2.1/24}, which is ambiguous
     */
    public static AddressBlock parse(String text) {
        int slash = text.indexOf('/');
        byte[] network = address(slash < 0 ? text : text.substring(0, slash))
                .orElseThrow(() -> new IllegalArgumentException("no address: " + text));
        int bits = network.length * Byte.SIZE;
        int length = slash < 0 ? bits : length(text.substring(slash + 1), bits);
        BigInteger number = new BigInteger(1, network);
        if (number.signum() != 0 && number.getLowestSetBit() < bits - length) {
            throw new IllegalArgumentException("bits are set after the first " + length);
        }
        return new AddressBlock(text, network, length);
    }

    private static int length(String text, int max) {
        if (!LENGTH.matcher(text).matches() || Integer.parseInt(text) > max) {
            throw new IllegalArgumentException("no length from 0 to " + max);
        }
        return Integer.parseInt(text);
    }

    /** Returns whether an address lies in this block; false for a host name or any other text. */
    public boolean contains(String address) {
        return address(address)
                .filter(bytes -> startsWith(bytes, network, length))
                .isPresent();
    }

    /** Returns whether every address of another block lies in this one. */
    public boolean contains(AddressBlock other) {
        return other.length >= length && startsWith(other.network, network, length);
    }

    private static boolean startsWith(byte[] address, byte[] network, int bits) {
        if (address.length != network.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> i % Byte.SIZE;
            if ((address[i / Byte.SIZE] & mask) != (network[i / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns four or sixteen bytes, without the zone of a link-local address ({@code fe80::1%eth0}); empty if invalid.
     */
    private static Optional<byte[]> address(String text) {
        int zone = text.indexOf('%');
        String literal = zone < 0 ? text : text.substring(0, zone);
        if (!LITERAL.matcher(literal).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(InetAddress.getByName(literal).getAddress());
        } catch (UnknownHostException notAnAddress) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressBlock block && block.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Returns the block as it was written. */
    @JsonValue
    @Override
    public String toString() {
        return text;
    }
}
