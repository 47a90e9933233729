package io.apikeys.keycloak;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenExchangeContext;
import org.keycloak.protocol.oidc.TokenExchangeProvider;
import org.keycloak.protocol.oidc.TokenExchangeProviderFactory;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.ErrorResponse;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.cors.Cors;
import org.keycloak.services.managers.Auth;
import org.keycloak.services.managers.BruteForceProtector;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.ClientPermissionEvaluator;
import org.keycloak.services.resources.admin.fgap.UserPermissionEvaluator;
import org.keycloak.storage.ReadOnlyException;
import org.keycloak.storage.StorageId;
import org.keycloak.storage.UserStorageProvider;

/** Which package may know which; see CONTRIBUTING.md. */
class HouseRulesTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.apikeys.keycloak");

    /** Interfaces of Keycloak's for extensions, and helpers that extensions answer with, in packages that are no SPI as a whole. */
    private static final DescribedPredicate<JavaClass> OFFERED = belongToAnyOf(
                    AdminEventBuilder.class,
                    AdminPermissionEvaluator.class,
                    AdminRealmResourceProvider.class,
                    AdminRealmResourceProviderFactory.class,
                    Auth.class,
                    BruteForceProtector.class,
                    ClientPermissionEvaluator.class,
                    Cors.class,
                    CorsErrorResponseException.class,
                    ErrorResponse.class,
                    ErrorResponseException.class,
                    OIDCLoginProtocol.class,
                    ReadOnlyException.class,
                    RealmResourceProvider.class,
                    RealmResourceProviderFactory.class,
                    StorageId.class,
                    TokenExchangeContext.class,
                    TokenExchangeProvider.class,
                    TokenExchangeProviderFactory.class,
                    UserPermissionEvaluator.class,
                    UserStorageProvider.class)
            .or(resideInAPackage("org.keycloak.protocol.oidc.mappers"));

    /** Annotations for the compiler. Keycloak ships them, too, and Java goes without annotations whose classes are absent. */
    private static final String NULLNESS = "org.jspecify.annotations";

    @Test
    void noRoomHasMoreThanADozenClasses() {
        Map<String, Long> rooms = HOUSE.stream()
                .filter(type -> type.isTopLevelClass() && !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
        assertThat(rooms)
                .isNotEmpty()
                .allSatisfy((room, classes) -> assertThat(classes).isLessThanOrEqualTo(12));
    }

    @Test
    void aKeyKnowsNobody() {
        classes()
                .that()
                .resideInAPackage("..key..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.apikeys.keycloak.key", NULLNESS, "java.."))
                .check(HOUSE);
    }

    @Test
    void noTwoPackagesKnowEachOther() {
        slices().matching("io.apikeys.keycloak.(**)").should().beFreeOfCycles().check(HOUSE);
    }

    /** What Keycloak does not offer to extensions changes with every version; see docs/decisions. */
    @Test
    void keycloaksInternalsAreTouchedInOnePackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.apikeys.keycloak.internals..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "org.keycloak.services..",
                                "org.keycloak.protocol..",
                                "org.keycloak.storage..",
                                "org.keycloak.models.jpa..")
                        .and(not(OFFERED)))
                .check(HOUSE);
    }

    @Test
    void doorsDoNotKnowEachOther() {
        slices().matching("io.apikeys.keycloak.(login|token|rest)..")
                .should()
                .notDependOnEachOther()
                .check(HOUSE);
    }

    @Test
    void theJarLivesOnWhatKeycloakShips() {
        noClasses()
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "io.apikeys.keycloak..",
                        "java..",
                        "javax.xml.datatype..",
                        // What Keycloak's SimpleHttp is configured with.
                        "org.apache.http.client.config",
                        "jakarta.persistence..",
                        "jakarta.ws.rs..",
                        "com.fasterxml.jackson..",
                        "io.micrometer..",
                        "org.jboss.logging..",
                        "org.keycloak..",
                        NULLNESS))
                .check(HOUSE);
    }
}
