package dev.outbox.autoconfigure;

import java.util.List;

import dev.outbox.jpa.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.orm.jpa.persistenceunit.MutablePersistenceUnitInfo;
import org.springframework.orm.jpa.persistenceunit.PersistenceUnitPostProcessor;
import org.springframework.util.ClassUtils;

/**
 * Adds the outbox's entity to the persistence units of its data source.
 */
class OutboxEntityRegistrar implements PersistenceUnitPostProcessor {

	private static final Logger logger = LoggerFactory.getLogger(OutboxEntityRegistrar.class);

	private final OutboxDatabase database;

	OutboxEntityRegistrar(OutboxDatabase database) {
		this.database = database;
	}

	@Override
	public void postProcessPersistenceUnitInfo(MutablePersistenceUnitInfo unit) {
		if (!this.database.isOn(unit.getNonJtaDataSource())) {
			return;
		}
		unit.addProperty(Outbox.TABLE_PROPERTY, this.database.tables().sql("${prefix}outbox"));
		List<String> classes = unit.getManagedClassNames();
		if (classes.contains(Outbox.class.getName())) {
			return;
		}
		// Hibernate would refuse to start with two entities of one name.
		for (String name : classes) {
			if (ClassUtils.getShortName(name).equals(Outbox.class.getSimpleName())) {
				logger.warn("The application's entity {} has the name of the outbox's. That one is not mapped, "
						+ "and there is no OutboxRepository", name);
				return;
			}
		}
		unit.addManagedClassName(Outbox.class.getName());
	}

}
