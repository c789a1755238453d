package dev.outbox;

import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Date;
import java.util.Set;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.LocationProvider;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import jakarta.persistence.Entity;

/**
 * What may know what.
 */
@AnalyzeClasses(locations = ArchitectureTests.MainClasses.class)
class ArchitectureTests {

	private static final String ROOT = "dev.outbox";

	private static final String SPRING_JDBC = "org.springframework.jdbc..";

	@ArchTest
	void packagesAreFreeOfCycles(JavaClasses classes) {
		SlicesRuleDefinition.slices()
			.matching("dev.outbox.(*)..")
			.should()
			.beFreeOfCycles()
			.allowEmptyShould(false)
			.check(classes);
	}

	@ArchTest
	void theApiKnowsNothingElseOfTheOutbox(JavaClasses classes) {
		knowsOnly("", classes);
	}

	@ArchTest
	void theStoreKnowsOnlyTheApi(JavaClasses classes) {
		knowsOnly("store", classes);
	}

	@ArchTest
	void publishingKnowsOnlyTheStore(JavaClasses classes) {
		knowsOnly("publish", classes, "store");
	}

	@ArchTest
	void healthKnowsOnlyTheApi(JavaClasses classes) {
		knowsOnly("health", classes);
	}

	@ArchTest
	void dispatchingKnowsOnlyTheStoreAndHealth(JavaClasses classes) {
		knowsOnly("dispatch", classes, "store", "health");
	}

	@ArchTest
	void theRelayKnowsOnlyTheStoreAndDispatching(JavaClasses classes) {
		knowsOnly("relay", classes, "store", "dispatch");
	}

	@ArchTest
	void confirmingKnowsOnlyTheStore(JavaClasses classes) {
		knowsOnly("confirm", classes, "store");
	}

	@ArchTest
	void adaptersAreKnownByNobody(JavaClasses classes) {
		for (String adapter : Set.of("jdbc", "jpa", "kafka", "schema")) {
			isKnownOnlyBy(adapter, classes);
		}
	}

	@ArchTest
	void jsonIsKnownOnlyByKafka(JavaClasses classes) {
		isKnownOnlyBy("json", classes, "kafka");
	}

	@ArchTest
	void springBootIsNowhere(JavaClasses classes) {
		ArchRuleDefinition.noClasses()
			.should()
			.dependOnClassesThat()
			.resideInAPackage("org.springframework.boot..")
			.check(classes);
	}

	@ArchTest
	void kafkaIsUsedOnlyByItsAdapter(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "kafka" }, "org.apache.kafka..", "org.springframework.kafka..");
	}

	@ArchTest
	void jdbcIsUsedOnlyByItsAdapterAndTheSchema(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "jdbc", "schema" }, "java.sql..", SPRING_JDBC);
	}

	@ArchTest
	void dataSourceIsUsedOnlyWhereItTellsTransactionsApart(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "jdbc", "schema", "publish" }, "javax.sql..");
	}

	@ArchTest
	void jpaIsUsedOnlyByItsAdapter(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "jpa" }, "jakarta.persistence..", "org.springframework.orm..",
				"org.springframework.data..", "org.hibernate..");
	}

	@ArchTest
	void jacksonIsUsedOnlyForTheEnvelopeAndTheHeaders(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "json", "jdbc" }, "tools.jackson..", "com.fasterxml..");
	}

	@ArchTest
	void flywayIsUsedOnlyByTheSchema(JavaClasses classes) {
		isUsedOnlyIn(classes, new String[] { "schema" }, "org.flywaydb..");
	}

	@ArchTest
	void timeComesFromAClockOrTheDatabase(JavaClasses classes) {
		for (Class<?> type : Set.of(Instant.class, LocalDate.class, LocalDateTime.class, OffsetDateTime.class,
				ZonedDateTime.class)) {
			ArchRuleDefinition.noClasses().should().callMethod(type, "now").check(classes);
		}
		ArchRuleDefinition.noClasses().should().callMethod(System.class, "currentTimeMillis").check(classes);
		ArchRuleDefinition.noClasses().should().callMethod(Clock.class, "systemUTC").check(classes);
		ArchRuleDefinition.noClasses().should().callConstructor(Date.class).check(classes);
	}

	@ArchTest
	void publicClassesAreFinalUnlessTheyAreExceptionsOrEntities(JavaClasses classes) {
		ArchRuleDefinition.classes()
			.that()
			.arePublic()
			.and()
			.areNotInterfaces()
			.and()
			.areNotEnums()
			.and()
			.areNotAssignableTo(Throwable.class)
			.and()
			// Jakarta Persistence forbids it.
			.areNotAnnotatedWith(Entity.class)
			.should()
			.haveModifier(JavaModifier.FINAL)
			.check(classes);
	}

	@ArchTest
	void publicExceptionsHaveOneRoot(JavaClasses classes) {
		ArchRuleDefinition.classes()
			.that()
			.areAssignableTo(Throwable.class)
			.and()
			.arePublic()
			.and()
			// Ends a future and is never thrown.
			.doNotHaveSimpleName("VoidPassException")
			.should()
			.beAssignableTo(OutboxException.class)
			.check(classes);
	}

	@ArchTest
	void nothingIsWrittenToTheConsole(JavaClasses classes) {
		ArchRuleDefinition.noClasses().should().accessField(System.class, "out").check(classes);
		ArchRuleDefinition.noClasses().should().accessField(System.class, "err").check(classes);
	}

	private static void knowsOnly(String name, JavaClasses classes, String... others) {
		Set<String> known = packages(others);
		ArchRuleDefinition.classes()
			.that()
			.resideInAPackage(name.isEmpty() ? ROOT : ROOT + "." + name + "..")
			.should()
			.onlyDependOnClassesThat(DescribedPredicate.describe("are of the API or in " + known,
					(JavaClass type) -> !type.getPackageName().startsWith(ROOT) || isIn(type, ROOT + "." + name)
							|| known.stream().anyMatch((other) -> isIn(type, other))
							|| type.getPackageName().equals(ROOT)))
			.check(classes);
	}

	private static void isKnownOnlyBy(String name, JavaClasses classes, String... others) {
		Set<String> knowing = packages(others);
		ArchRuleDefinition.noClasses()
			.that(DescribedPredicate.describe("are neither in " + name + " nor in " + knowing,
					(JavaClass type) -> !isIn(type, ROOT + "." + name)
							&& knowing.stream().noneMatch((other) -> isIn(type, other))))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(ROOT + "." + name + "..")
			.check(classes);
	}

	private static void isUsedOnlyIn(JavaClasses classes, String[] users, String... libraries) {
		Set<String> allowed = packages(users);
		for (String library : libraries) {
			ArchRuleDefinition.noClasses()
				.that(DescribedPredicate.describe("are not in " + allowed,
						(JavaClass type) -> allowed.stream().noneMatch((user) -> isIn(type, user))))
				.should()
				.dependOnClassesThat()
				.resideInAPackage(library)
				.check(classes);
		}
	}

	private static Set<String> packages(String... names) {
		return Set.copyOf(Arrays.stream(names).map((name) -> ROOT + "." + name).toList());
	}

	private static boolean isIn(JavaClass type, String packageName) {
		return type.getPackageName().equals(packageName) || type.getPackageName().startsWith(packageName + ".");
	}

	/**
	 * The main classes of this module alone.
	 */
	static class MainClasses implements LocationProvider {

		@Override
		public Set<Location> get(Class<?> testClass) {
			return Set.of(Location.of(OutboxEventPublisher.class.getProtectionDomain().getCodeSource().getLocation()));
		}

	}

}
