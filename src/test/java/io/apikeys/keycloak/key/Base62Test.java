package io.apikeys.keycloak.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigInteger;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class Base62Test {

    @Property
    void whatIsWrittenIsReadBack(@ForAll @Size(32) byte[] number) {
        assertThat(Base62.decode(Base62.encode(number, 43), 32)).hasValue(number);
    }

    @Property
    void theNumberIsTheOneThatThePositionalSystemSays(@ForAll @Size(16) byte[] number) {
        BigInteger expected = new BigInteger(1, number);
        BigInteger written = BigInteger.ZERO;
        for (char digit : Base62.encode(number, 22).toCharArray()) {
            written = written.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(Base62.DIGITS.indexOf(digit)));
        }
        assertThat(written).isEqualTo(expected);
    }

    @Property
    void nothingButDigitsIsRead(@ForAll char character) {
        assertThat(Base62.decode("0" + character, 8).isPresent()).isEqualTo(Base62.DIGITS.indexOf(character) >= 0);
    }

    @Example
    void aNumberThatDoesNotFitIsNotRead() {
        assertThat(Base62.decode("48", 1)).as("256").isEmpty();
        assertThat(Base62.decode("47", 1)).as("255").hasValue(new byte[] {(byte) 255});
    }

    @Example
    void aNumberThatNeedsMoreDigitsIsNotCutOff() {
        assertThatIllegalArgumentException().isThrownBy(() -> Base62.encode(new byte[] {62}, 1));
    }
}
