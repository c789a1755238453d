package dev.outbox.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import dev.outbox.OutboxException;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.PropertyAccessorFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Finds the transaction manager in whose transactions manual events are stored.
 */
final class ManualTransactions {

	private ManualTransactions() {
	}

	static TransactionOperations of(ObjectProvider<PlatformTransactionManager> marked,
			ObjectProvider<PlatformTransactionManager> all, DataSource dataSource) {
		PlatformTransactionManager manager = marked.getIfUnique();
		TransactionTemplate template = new TransactionTemplate((manager != null) ? manager : manager(all, dataSource));
		template.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		return template;
	}

	private static PlatformTransactionManager manager(ObjectProvider<PlatformTransactionManager> managers,
			DataSource dataSource) {
		List<PlatformTransactionManager> candidates = managers.orderedStream()
			.filter((manager) -> manages(manager, dataSource))
			.toList();
		PlatformTransactionManager preferred = managers.getIfUnique();
		if (preferred != null && (candidates.isEmpty() || candidates.contains(preferred))) {
			return preferred;
		}
		if (candidates.size() != 1) {
			throw new OutboxException(
					"publishManualEvent needs one transaction manager for the outbox's data source %s, "
						.formatted(dataSource)
							+ "but there are %d. Mark one with @OutboxTransactionManager or @Primary"
								.formatted(candidates.size()));
		}
		return candidates.get(0);
	}

	// By its property, because JPA need not be there.
	private static boolean manages(PlatformTransactionManager manager, DataSource dataSource) {
		BeanWrapper properties = PropertyAccessorFactory.forBeanPropertyAccess(manager);
		return properties.isReadableProperty("dataSource") && properties.getPropertyValue("dataSource") == dataSource;
	}

}
