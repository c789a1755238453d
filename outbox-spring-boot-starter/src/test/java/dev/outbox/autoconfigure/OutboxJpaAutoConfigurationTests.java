package dev.outbox.autoconfigure;

import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.jpa.main.Shop;
import dev.outbox.autoconfigure.jpa.more.Depot;
import dev.outbox.autoconfigure.jpa.own.OwnOutbox;
import dev.outbox.jpa.Outbox;
import dev.outbox.jpa.OutboxRepository;
import jakarta.persistence.CollectionTable;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.JoinTable;
import jakarta.persistence.ManyToMany;
import jakarta.persistence.SecondaryTable;
import jakarta.persistence.Table;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.repository.support.Repositories;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The entity and the repository are added to what the application has scanned, and
 * nothing else.
 */
class OutboxJpaAutoConfigurationTests {

	private static final String CREATE = "spring.jpa.hibernate.ddl-auto=create";

	private final ApplicationContextRunner withoutRepositories = OutboxContexts.withOutbox()
		.withConfiguration(AutoConfigurations.of(HibernateJpaAutoConfiguration.class));

	private final ApplicationContextRunner runner = jpa(OutboxContexts.withOutbox());

	@Test
	void applicationThatLeavesScanningToBootKeepsItAndHasTheOutboxToo() {
		this.runner.withUserConfiguration(Shop.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(OutboxRepository.class);
			assertThat(entities(context, "entityManagerFactory")).containsExactlyInAnyOrder("Customer", "OutboxRow");
			assertThat(repositories(context)).containsExactly("Customer");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
		});
	}

	@Test
	void applicationThatScansForItselfKeepsThatAndHasTheOutboxToo() {
		this.runner.withUserConfiguration(Shop.class, Depot.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(OutboxRepository.class);
			assertThat(entities(context, "entityManagerFactory")).containsExactlyInAnyOrder("Parcel", "OutboxRow");
			assertThat(repositories(context)).containsExactly("Parcel");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
		});
	}

	@Test
	void beansAreTheSameAsWithoutTheOutboxButForItsOwn() {
		Set<String> added = names(this.runner);
		added.removeAll(names(jpa(OutboxContexts.withoutOutbox())));
		assertThat(added).isNotEmpty().allSatisfy((name) -> assertThat(name).matches("outbox.*|.*dev\\.outbox\\..*"));
		assertThat(names(this.runner)).containsAll(names(jpa(OutboxContexts.withoutOutbox())));
	}

	@Test
	void repositoryIsNotCreatedUntilItIsAskedFor() {
		this.runner.withUserConfiguration(Shop.class)
			.run((context) -> assertThat(context.getBeanFactory().containsSingleton(OutboxRepository.class.getName()))
				.isFalse());
	}

	@Test
	void propertySwitchesItOff() {
		this.runner.withUserConfiguration(Shop.class).withPropertyValues("outbox.jpa.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(OutboxRepository.class);
			assertThat(entities(context, "entityManagerFactory")).containsExactly("Customer");
		});
	}

	@Test
	void applicationWithoutSpringDataJpaHasNeither() {
		this.withoutRepositories.withUserConfiguration(Shop.class)
			.withClassLoader(new FilteredClassLoader(JpaRepositoryFactory.class))
			.run((context) -> {
				assertThat(context).hasNotFailed().doesNotHaveBean(OutboxRepository.class.getName());
				assertThat(entities(context, "entityManagerFactory")).containsExactly("Customer");
			});
	}

	@Test
	void applicationWithoutJpaHasNoRepository() {
		OutboxContexts.withOutbox()
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxRepository.class));
	}

	@Test
	void applicationMayHaveAnEntityAndARepositoryOfTheSameNames() {
		this.runner.withUserConfiguration(OwnOutbox.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(entities(context, "entityManagerFactory")).containsExactlyInAnyOrder("Outbox", "OutboxRow");
			assertThat(repositories(context)).containsExactly("Outbox");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
			assertThat(context.getBean("outboxRepository", JpaRepository.class).count()).isZero();
		});
	}

	@Test
	void applicationMayNameAnEntityOutbox() {
		with(Letter.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(entities(context, "entityManagerFactory")).containsExactlyInAnyOrder("Outbox", "OutboxRow");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(
			strings = { CREATE, "spring.jpa.hibernate.ddl-auto=create-drop", "spring.jpa.hibernate.ddl-auto=update",
					"spring.jpa.properties.jakarta.persistence.schema-generation.database.action=drop-and-create" })
	void entityForWhichHibernateWouldChangeATableOfTheOutboxIsRefused(String property) {
		assertRefused(with(Parked.class).withPropertyValues(property));
	}

	@ParameterizedTest
	@ValueSource(classes = { InSecondaryTable.class, WithElements.class, WithOthers.class })
	void otherTablesOfAnEntityAreRefusedAsWell(Class<?> entity) {
		assertRefused(with(entity).withPropertyValues(CREATE));
	}

	@Test
	void tableIsTheSameThoughOnlyTheEntityNamesTheSchema() {
		assertRefused(with(PublicParked.class).withPropertyValues(CREATE));
	}

	@Test
	void tableIsTheSameThoughOnlyTheOutboxNamesTheSchema() {
		assertRefused(with(Parked.class).withPropertyValues(CREATE, "outbox.schema.name=public"));
	}

	@Test
	void tableIsTheSameIfTheSchemaOfHibernateIsTheOutboxs() {
		assertRefused(with(Parked.class).withPropertyValues(CREATE, "outbox.schema.name=sales",
				"spring.jpa.properties.hibernate.default_schema=sales"));
	}

	private static void assertRefused(ApplicationContextRunner runner) {
		runner.run((context) -> assertThat(
				new OutboxFailureAnalyzer().analyze(Objects.requireNonNull(context.getStartupFailure())))
			.extracting(FailureAnalysis::getDescription, InstanceOfAssertFactories.STRING)
			.startsWithIgnoringCase("The outbox cannot start: Table outbox_parked, to which")
			.contains("Name another table", "outbox.schema.table-prefix"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.jpa.hibernate.ddl-auto=none", "outbox.schema.table-prefix=shop_",
			"outbox.schema.name=sales" })
	void entityMayHaveATableThatStaysOrIsNotTheOutboxs(String property) {
		with(Parked.class).withPropertyValues(CREATE, property)
			.run((context) -> assertThat(context.getBean(OutboxRepository.class).count()).isZero());
	}

	@ParameterizedTest
	@ValueSource(classes = { OursIsPrimary.class, OthersIsPrimary.class })
	void amongSeveralFactoriesThatOfTheOutboxsDataSourceHasIt(Class<?> application) {
		this.withoutRepositories.withUserConfiguration(application, TwoDatabases.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(entities(context, "ours")).containsExactlyInAnyOrder("Customer", "OutboxRow");
			assertThat(entities(context, "others")).containsExactly("Parcel");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { OursIsPrimary.class, OthersIsPrimary.class })
	void markedDataSourceIsTheOutboxsWhateverIsPrimary(Class<?> application) {
		this.withoutRepositories.withUserConfiguration(application, MarkedDatabase.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(entities(context, "ours")).containsExactlyInAnyOrder("Customer");
			assertThat(entities(context, "others")).containsExactlyInAnyOrder("Parcel", "OutboxRow");
			assertThat(context.getBean(OutboxRepository.class).count()).isZero();
		});
	}

	@Test
	void factoryOfTheProxiedDataSourceHasIt() {
		this.withoutRepositories.withUserConfiguration(OfProxy.class)
			.run((context) -> assertThat(context.getBean(OutboxRepository.class).count()).isZero());
	}

	@Test
	void factoryThatIsBuiltByHandIsLeftAloneAndTheRepositorySaysSo() {
		this.withoutRepositories.withUserConfiguration(ByHand.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(entities(context, "byHand")).containsExactly("Customer");
			assertMissing(context);
		});
	}

	@Test
	void factoryThatIsBuiltByHandMayScanTheEntity() {
		this.withoutRepositories.withUserConfiguration(ByHand.class)
			.withPropertyValues("also=" + Outbox.class.getPackageName())
			.run((context) -> assertThat(context.getBean(OutboxRepository.class).count()).isZero());
	}

	@Test
	void applicationMayScanTheEntityItself() {
		this.runner.withUserConfiguration(ScanningAll.class)
			.run((context) -> assertThat(context.getBean(OutboxRepository.class).count()).isZero());
	}

	private ApplicationContextRunner with(Class<?> entity) {
		return this.withoutRepositories.withBean(PersistenceManagedTypes.class,
				() -> PersistenceManagedTypes.of(entity.getName()));
	}

	private static void assertMissing(ApplicationContext context) {
		assertThatException().isThrownBy(() -> context.getBean(OutboxRepository.class))
			.havingRootCause()
			.withMessageContainingAll("There is no OutboxRepository", "has the entity dev.outbox.jpa.Outbox");
	}

	private static Set<String> entities(ApplicationContext context, String factory) {
		return context.getBean(factory, EntityManagerFactory.class)
			.getMetamodel()
			.getEntities()
			.stream()
			.map((type) -> type.getName())
			.collect(Collectors.toSet());
	}

	// Those that whatever exports all repositories would find.
	private static Set<String> repositories(ApplicationContext context) {
		Set<String> names = new TreeSet<>();
		new Repositories(context).forEach((type) -> names.add(type.getSimpleName()));
		return names;
	}

	private static Set<String> names(ApplicationContextRunner runner) {
		Set<String> names = new TreeSet<>();
		runner.withUserConfiguration(Shop.class)
			.run((context) -> names.addAll(Set.of(context.getBeanDefinitionNames())));
		return names;
	}

	private static ApplicationContextRunner jpa(ApplicationContextRunner runner) {
		return runner.withConfiguration(
				AutoConfigurations.of(HibernateJpaAutoConfiguration.class, DataJpaRepositoriesAutoConfiguration.class));
	}

	private static DataSource database() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

	@Entity(name = "Outbox")
	@Table(name = "letter")
	static class Letter {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

	}

	@Entity
	@Table(name = "outbox_parked", schema = "public")
	static class PublicParked {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

	}

	@Entity
	@SecondaryTable(name = "outbox_parked")
	static class InSecondaryTable {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

		@Column(table = "outbox_parked")
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long reason;

	}

	@Entity
	static class WithElements {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

		@ElementCollection
		@CollectionTable(name = "outbox_parked")
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private Set<String> reasons = Set.of();

	}

	@Entity
	static class WithOthers {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

		@ManyToMany
		@JoinTable(name = "outbox_parked")
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private Set<WithOthers> others = Set.of();

	}

	@Entity
	@Table(name = "outbox_parked")
	static class Parked {

		@Id
		@SuppressWarnings("UnusedVariable") // JPA reads it
		private long id;

	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = Outbox.class)
	@EnableJpaRepositories(basePackageClasses = OutboxRepository.class)
	static class ScanningAll {

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoDatabases {

		@Bean
		@Primary
		DataSource dataSource() {
			return database();
		}

		@Bean
		DataSource otherDataSource() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class MarkedDatabase {

		@Bean
		@Primary
		DataSource dataSource() {
			return database();
		}

		@Bean
		@OutboxDataSource
		DataSource otherDataSource() {
			return database();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfProxy {

		@Bean
		DataSource dataSource() {
			return database();
		}

		@Bean
		LocalContainerEntityManagerFactoryBean ours(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(new TransactionAwareDataSourceProxy(dataSource)).packages(Shop.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OursIsPrimary {

		@Bean
		@Primary
		LocalContainerEntityManagerFactoryBean ours(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Shop.class).build();
		}

		@Bean
		LocalContainerEntityManagerFactoryBean others(EntityManagerFactoryBuilder builder,
				@Qualifier("otherDataSource") DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Depot.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OthersIsPrimary {

		@Bean
		LocalContainerEntityManagerFactoryBean ours(EntityManagerFactoryBuilder builder, DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Shop.class).build();
		}

		@Bean
		@Primary
		LocalContainerEntityManagerFactoryBean others(EntityManagerFactoryBuilder builder,
				@Qualifier("otherDataSource") DataSource dataSource) {
			return builder.dataSource(dataSource).packages(Depot.class).build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByHand {

		@Bean
		LocalContainerEntityManagerFactoryBean byHand(DataSource dataSource, @Value("${also:}") String[] packages) {
			LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
			factory.setDataSource(dataSource);
			factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
			factory.setPackagesToScan(StringUtils.addStringToArray(packages, Shop.class.getPackageName()));
			return factory;
		}

	}

}
