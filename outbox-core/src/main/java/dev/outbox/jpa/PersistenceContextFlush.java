package dev.outbox.jpa;

import java.util.Map;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.FlushMode;
import org.hibernate.Session;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.orm.jpa.EntityManagerFactoryInfo;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaDialect;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Flushes the persistence contexts of the current transaction, so that the locks of the
 * aggregates are held before the ids of their events are drawn: then the order of ids is
 * the order of commits.
 *
 * @since 0.1
 */
public final class PersistenceContextFlush implements Runnable {

	private static final boolean HIBERNATE = ClassUtils.isPresent("org.hibernate.Session",
			PersistenceContextFlush.class.getClassLoader());

	@Override
	public void run() {
		// A copy, because what listens to entities may bind further resources.
		Map.copyOf(TransactionSynchronizationManager.getResourceMap()).forEach((factory, resource) -> {
			if (resource instanceof EntityManagerHolder holder && holder.isSynchronizedWithTransaction()) {
				flush(holder.getEntityManager(), (EntityManagerFactory) factory);
			}
		});
	}

	// Then the commit itself would not write either.
	private static boolean isFlushedByHand(EntityManager entities) {
		return HIBERNATE && entities instanceof Session session && session.getHibernateFlushMode() == FlushMode.MANUAL;
	}

	// Fails as the commit itself would have: with the exceptions for which the
	// application's retries are written.
	private static void flush(EntityManager entities, EntityManagerFactory factory) {
		if (isFlushedByHand(entities)) {
			return;
		}
		try {
			entities.flush();
		}
		catch (RuntimeException ex) {
			DataAccessException translated = translate(ex, factory);
			throw (translated != null) ? translated : ex;
		}
	}

	private static @Nullable DataAccessException translate(RuntimeException ex, EntityManagerFactory factory) {
		JpaDialect dialect = (factory instanceof EntityManagerFactoryInfo info) ? info.getJpaDialect() : null;
		return (dialect != null) ? dialect.translateExceptionIfPossible(ex)
				: EntityManagerFactoryUtils.convertJpaAccessExceptionIfPossible(ex);
	}

}
