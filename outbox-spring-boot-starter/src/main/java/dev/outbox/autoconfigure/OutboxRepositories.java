package dev.outbox.autoconfigure;

import java.util.List;

import dev.outbox.OutboxException;
import dev.outbox.jpa.Outbox;
import dev.outbox.jpa.OutboxRepository;
import jakarta.persistence.EntityManagerFactory;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.data.repository.core.support.PersistenceExceptionTranslationRepositoryProxyPostProcessor;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

/**
 * Creates the repository for the entity manager factory that has the outbox's entity.
 */
final class OutboxRepositories {

	private final ObjectProvider<EntityManagerFactory> factories;

	private final OutboxDatabase database;

	OutboxRepositories(ObjectProvider<EntityManagerFactory> factories, OutboxDatabase database) {
		this.factories = factories;
		this.database = database;
	}

	OutboxRepository create(ListableBeanFactory beanFactory) {
		JpaRepositoryFactory repositories = new JpaRepositoryFactory(
				SharedEntityManagerCreator.createSharedEntityManager(factory()));
		repositories.setBeanFactory(beanFactory);
		repositories.addRepositoryProxyPostProcessor(
				new PersistenceExceptionTranslationRepositoryProxyPostProcessor(beanFactory));
		return repositories.getRepository(OutboxRepository.class);
	}

	private EntityManagerFactory factory() {
		List<EntityManagerFactory> candidates = this.factories.orderedStream().filter(this::hasEntity).toList();
		EntityManagerFactory preferred = this.factories.getIfUnique();
		if (candidates.isEmpty()) {
			throw new OutboxException("There is no OutboxRepository, because no entity manager factory of the outbox's "
					+ "data source %s has the entity %s. Build it by Spring Boot's EntityManagerFactoryBuilder, or have it "
						.formatted(this.database.dataSource(), Outbox.class.getName())
					+ "scan package %s, too".formatted(Outbox.class.getPackageName()));
		}
		return (preferred != null && candidates.contains(preferred)) ? preferred : candidates.get(0);
	}

	private boolean hasEntity(EntityManagerFactory factory) {
		return factory instanceof EntityManagerFactoryInfo info && this.database.isOn(info.getDataSource())
				&& factory.getMetamodel().getEntities().stream().anyMatch((type) -> type.getJavaType() == Outbox.class);
	}

}
