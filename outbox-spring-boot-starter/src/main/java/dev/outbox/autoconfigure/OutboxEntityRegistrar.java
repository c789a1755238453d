package dev.outbox.autoconfigure;

import dev.outbox.jpa.Outbox;

import org.springframework.orm.jpa.persistenceunit.MutablePersistenceUnitInfo;
import org.springframework.orm.jpa.persistenceunit.PersistenceUnitPostProcessor;

/**
 * Adds the outbox's entity to the persistence units of its data source.
 */
class OutboxEntityRegistrar implements PersistenceUnitPostProcessor {

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
		if (!unit.getManagedClassNames().contains(Outbox.class.getName())) {
			unit.addManagedClassName(Outbox.class.getName());
		}
	}

}
