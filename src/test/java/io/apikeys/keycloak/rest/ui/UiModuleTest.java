package io.apikeys.keycloak.rest.ui;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The modules of the page, as files. */
class UiModuleTest {

    private static final Path SOURCES = Path.of("src/main/ui");
    private static final Pattern TEXT = Pattern.compile("\"((?:apiKey|createApiKey|createdApiKey)\\w*)\"");
    private static final Pattern BEGINNING = Pattern.compile("`((?:apiKey|createApiKey|createdApiKey)\\w*_)\\$");
    private static final Pattern PARSED_AS_HTML = Pattern.compile(
            "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|DOMParser|\\beval\\b|new Function");

    @Test
    void everyModuleIsServed() throws IOException {
        try (Stream<Path> files = Files.list(SOURCES)) {
            assertThat(files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".js"))
                            .collect(Collectors.toSet()))
                    .isNotEmpty()
                    .isEqualTo(UiModule.ALL.keySet());
        }
    }

    @Test
    void differentContentHasDifferentTags() {
        assertThat(UiModule.ALL.values().stream().map(UiModule::tag))
                .isNotEmpty()
                .doesNotHaveDuplicates();
    }

    @Test
    void noTextIsParsedAsHtml() throws IOException {
        assertThat(sources())
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source).doesNotContainPattern(PARSED_AS_HTML));
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "de"})
    void everyTextIsThere(String language) throws IOException {
        Properties messages = new Properties();
        try (Reader file =
                Files.newBufferedReader(Path.of("themes/messages/messages_" + language + ".properties"), UTF_8)) {
            messages.load(file);
        }
        Set<String> names = messages.stringPropertyNames();

        assertThat(sources().stream().flatMap(source -> found(TEXT, source)))
                .isNotEmpty()
                .allMatch(key -> names.contains(key) || names.contains(key + "_other"));
        assertThat(sources().stream().flatMap(source -> found(BEGINNING, source)))
                .isNotEmpty()
                .allMatch(beginning -> names.stream().anyMatch(name -> name.startsWith(beginning)));
        assertThat(messages.getProperty("apiKeysLanguage")).isEqualTo(language);
    }

    @Test
    void bothLanguagesHaveTheSameTextsWithTheSameParameters() throws IOException {
        assertThat(parameters("de")).isNotEmpty().isEqualTo(parameters("en"));
    }

    private static Set<String> parameters(String language) throws IOException {
        return Files.readAllLines(Path.of("themes/messages/messages_" + language + ".properties"), UTF_8).stream()
                .filter(line -> line.startsWith("apiKeys"))
                .filter(line -> !line.contains("_one="))
                .map(line -> line.substring(0, line.indexOf('='))
                        + new TreeSet<>(
                                found(Pattern.compile("\\{(\\d)\\}"), line).toList()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> found(Pattern pattern, String source) {
        return pattern.matcher(source).results().map((MatchResult match) -> match.group(1));
    }

    private static List<String> sources() {
        return UiModule.ALL.values().stream().map(UiModule::content).toList();
    }
}
