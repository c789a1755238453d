package dev.outbox.autoconfigure;

import dev.outbox.jpa.OutboxRepository;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.Session;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;

/**
 * Auto-configuration of the entity and the repository by which the outbox is queried. No
 * package is scanned for them, so that what the application has scanned stays as it is.
 * <p>
 * Among several entity manager factories those of the outbox's data source have the
 * entity, if they are built by Spring Boot's {@code EntityManagerFactoryBuilder} with
 * that very data source. Of others it cannot be known: they are left alone, and without
 * any such factory the repository refuses to be created and says so.
 *
 * @since 0.1
 */
@AutoConfiguration(after = OutboxSchemaAutoConfiguration.class,
		afterName = { "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration",
				"org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration" })
@ConditionalOnClass({ EntityManagerFactoryBuilderCustomizer.class, JpaRepositoryFactory.class, Session.class })
@ConditionalOnBean({ OutboxDatabase.class, EntityManagerFactory.class })
@ConditionalOnBooleanProperty(name = "outbox.jpa.enabled", matchIfMissing = true)
public final class OutboxJpaAutoConfiguration {

	@Bean
	EntityManagerFactoryBuilderCustomizer outboxEntityCustomizer(OutboxDatabase database) {
		return (builder) -> builder.addPersistenceUnitPostProcessors(new OutboxEntityRegistrar(database));
	}

	// Not by Spring Data's factory bean: neither Spring Boot's own scan nor what exports
	// all repositories shall take notice of it. Lazy, because most applications do not
	// ask for it. Named in full, because an application may have a repository of the same
	// simple name.
	@Bean("dev.outbox.jpa.OutboxRepository")
	@Lazy
	@ConditionalOnMissingBean
	OutboxRepository outboxRepository(ObjectProvider<EntityManagerFactory> factories, OutboxDatabase database,
			ListableBeanFactory beanFactory) {
		return new OutboxRepositories(factories, database).create(beanFactory);
	}

}
