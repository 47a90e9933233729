package io.apikeys.keycloak.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.apikeys.keycloak.docs.MarkdownPage.Picture;
import io.apikeys.keycloak.docs.MarkdownPage.Target;
import io.apikeys.keycloak.policy.PolicyProperties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keycloak.models.Constants;
import org.keycloak.provider.ProviderConfigProperty;

/** The pages in the top folder and in {@code docs}: they lead where they say, show what they say, and leave nothing out. */
class DocsTest {

    private static final int MOST_WORDS_OF_README = 2_300;

    /** An option of the server, such as {@code --spi-events-listener--api-key-upkeep--seconds}. */
    private static final Pattern OPTION = Pattern.compile("--spi-([a-z-]+?)--([a-z-]+?)--([a-z-]+)");

    static List<MarkdownPage> pages() {
        return MarkdownPage.all();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(MarkdownPage page) {
        assertThat(page.relativeLinks()).allSatisfy(link -> {
            assertThat(link.file()).exists();
            if (!link.anchor().isEmpty()) {
                assertThat(new MarkdownPage(link.file()).anchors()).contains(link.anchor());
            }
        });
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyPictureIsThereAndIsDescribed(MarkdownPage page) {
        assertThat(page.pictures()).allSatisfy(picture -> {
            assertThat(picture.file()).isRegularFile();
            assertThat(picture.alternative()).isNotBlank();
        });
    }

    @Test
    void readmeShowsEveryPicture() throws IOException {
        try (Stream<Path> pictures = Files.list(Path.of("docs/images"))) {
            assertThat(MarkdownPage.README.pictures())
                    .extracting(Picture::file)
                    .containsExactlyInAnyOrderElementsOf(pictures.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/README.md"})
    void everyPageIsReachedFrom(String start) {
        assertThat(reachedFrom(Path.of(start)))
                .containsAll(MarkdownPage.all().stream().map(MarkdownPage::path).toList());
    }

    @Test
    void everySettingOfThePolicyIsExplained() {
        assertThat(Stream.concat(
                        PolicyProperties.ALL.stream().map(ProviderConfigProperty::getName),
                        Stream.of(Constants.MAX_AUTH_AGE_KEY)))
                .isNotEmpty()
                .allSatisfy(setting ->
                        assertThat(MarkdownPage.of("administrators").text()).contains("`" + setting + "`"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyOptionOfTheServerExists(MarkdownPage page) throws IOException {
        for (MatchResult option : OPTION.matcher(page.text()).results().toList()) {
            assertThat(sourcesWith(option.group(2), option.group(3)))
                    .as(option.group())
                    .isNotEmpty();
        }
    }

    @Test
    void theOptionsOfTheServerAreExplained() {
        assertThat(OPTION.matcher(MarkdownPage.of("operators").text()).results())
                .hasSize(4);
    }

    @Test
    void readmeIsShort() {
        assertThat(MarkdownPage.README.text().split("\\s+")).hasSizeLessThanOrEqualTo(MOST_WORDS_OF_README);
    }

    /** Recipes have tests of their own. */
    @Test
    void everyPageWithCommandsIsRunByATest() {
        assertThat(MarkdownPage.all().stream()
                        .filter(page -> !page.path().startsWith("docs/recipes"))
                        .filter(page -> !page.blocks("bash").isEmpty()))
                .containsExactlyInAnyOrderElementsOf(ReadmeIT.PAGES);
    }

    private static Set<Path> reachedFrom(Path start) {
        Set<Path> reached = new HashSet<>();
        Deque<Path> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            Path page = next.remove();
            if (reached.add(page)) {
                new MarkdownPage(page)
                        .relativeLinks().stream().map(Target::file).forEach(file -> next.addAll(pagesAt(file)));
            }
        }
        return reached;
    }

    /** Returns what a link to a file or a folder shows: GitHub lists what is in a folder. */
    private static List<Path> pagesAt(Path file) {
        if (Files.isDirectory(file)) {
            return MarkdownPage.below(file);
        }
        return file.toString().endsWith(".md") ? List.of(file) : List.of();
    }

    /** Returns the classes that name both a provider and one of its options. */
    private static List<Path> sourcesWith(String provider, String option) throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            return sources.filter(Files::isRegularFile)
                    .filter(source -> holds(source, '"' + provider + '"') && holds(source, '"' + option + '"'))
                    .toList();
        }
    }

    private static boolean holds(Path source, String text) {
        try {
            return Files.readString(source).contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
