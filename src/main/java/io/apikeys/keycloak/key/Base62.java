package io.apikeys.keycloak.key;

import java.util.Arrays;
import java.util.Optional;

/** Unsigned big-endian numbers written with the digits {@code 0-9A-Za-z}, zero-padded to a fixed width. */
final class Base62 {

    static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static final int BASE = DIGITS.length();
    private static final int[] VALUES = new int[128];

    static {
        Arrays.fill(VALUES, -1);
        for (int value = 0; value < BASE; value++) {
            VALUES[DIGITS.charAt(value)] = value;
        }
    }

    private Base62() {}

    /**
     * Encodes a number.
     *
     * @param number unsigned, big-endian; not changed
     * @param width the number of digits
     * @throws IllegalArgumentException if the number does not fit into so many digits
     */
    static String encode(byte[] number, int width) {
        byte[] rest = number.clone();
        char[] text = new char[width];
        for (int digit = width - 1; digit >= 0; digit--) {
            text[digit] = DIGITS.charAt(divideByBase(rest));
        }
        for (byte left : rest) {
            if (left != 0) {
                throw new IllegalArgumentException("the number needs more than " + width + " digits");
            }
        }
        return new String(text);
    }

    /**
     * Decodes a number.
     *
     * @param digits the result of {@link #encode}
     * @param length the number of bytes
     * @return the number; empty if a character is not a digit or the number does not fit into so many bytes
     */
    static Optional<byte[]> decode(CharSequence digits, int length) {
        byte[] number = new byte[length];
        for (int i = 0; i < digits.length(); i++) {
            int value = valueOf(digits.charAt(i));
            if (value < 0 || !multiplyByBaseAndAdd(number, value)) {
                return Optional.empty();
            }
        }
        return Optional.of(number);
    }

    private static int valueOf(char digit) {
        return digit < VALUES.length ? VALUES[digit] : -1;
    }

    /** Divides in place and returns the remainder. */
    private static int divideByBase(byte[] number) {
        int remainder = 0;
        for (int i = 0; i < number.length; i++) {
            int value = remainder << 8 | (number[i] & 0xff);
            number[i] = (byte) (value / BASE);
            remainder = value % BASE;
        }
        return remainder;
    }

    /** Multiplies and adds in place, and returns whether the result fits. */
    private static boolean multiplyByBaseAndAdd(byte[] number, int value) {
        int carry = value;
        for (int i = number.length - 1; i >= 0; i--) {
            int digit = (number[i] & 0xff) * BASE + carry;
            number[i] = (byte) digit;
            carry = digit >>> 8;
        }
        return carry == 0;
    }
}
