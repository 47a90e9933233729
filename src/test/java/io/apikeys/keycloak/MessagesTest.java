package io.apikeys.keycloak;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every language has every text of the pages and e-mails. */
class MessagesTest {

    private static final Path FOLDER = Path.of("themes", "messages");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{+\\d\\}+");
    private static final Pattern PLURAL = Pattern.compile("_(few|many)$");

    private static final Map<String, String> ENGLISH = messages("en");

    @ParameterizedTest
    @ValueSource(strings = {"de", "es", "fr", "it", "ja", "nl", "pl", "pt_BR", "zh_Hans"})
    void aLanguageHasEveryTextWithItsParameters(String language) {
        Map<String, String> texts = messages(language);

        assertThat(texts.keySet().stream().filter(key -> !PLURAL.matcher(key).find()))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(ENGLISH.keySet());
        ENGLISH.forEach((key, english) -> assertThat(placeholders(texts.get(key)))
                .as(key)
                // A singular form may say "one" in words.
                .satisfiesAnyOf(
                        found -> assertThat(found).isEqualTo(placeholders(english)),
                        found -> assertThat(key).endsWith("_one")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de", "es", "fr", "it", "ja", "nl", "pl", "pt_BR", "zh_Hans"})
    void noTextHasAnApostropheThatKeycloakReadsAsAQuote(String language) {
        assertThat(messages(language)).isNotEmpty().allSatisfy((key, text) -> {
            assertThat(text).as(key).doesNotContain("'");
            assertThat(text).as(key).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource({
        "en, en",
        "de, de",
        "es, es",
        "fr, fr",
        "it, it",
        "ja, ja",
        "nl, nl",
        "pl, pl",
        "pt_BR, pt-BR",
        "zh_Hans, zh-Hans"
    })
    void aLanguageSaysWhichItIs(String file, String tag) {
        assertThat(messages(file).get("apiKeysLanguage")).isEqualTo(tag);
    }

    private static List<String> placeholders(String text) {
        return PLACEHOLDER
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .sorted()
                .toList();
    }

    private static Map<String, String> messages(String language) {
        Properties properties = new Properties();
        try (Reader file = Files.newBufferedReader(FOLDER.resolve("messages_" + language + ".properties"), UTF_8)) {
            properties.load(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        Map<String, String> messages = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> messages.put(key, properties.getProperty(key)));
        return messages;
    }
}
