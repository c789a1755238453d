package dev.outbox.jpa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.hibernate.annotations.TypeBinderType;
import org.hibernate.binder.TypeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;

/**
 * Has an entity read from the table that the persistence unit names.
 */
@TypeBinderType(binder = OutboxTable.Binder.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OutboxTable {

	/**
	 * Changes the entity's query. A naming strategy would not do: it belongs to the
	 * application, and does not see queries.
	 */
	final class Binder implements TypeBinder<OutboxTable> {

		@Override
		public void bind(OutboxTable annotation, MetadataBuildingContext context, PersistentClass entity) {
			Object table = context.getBootstrapContext()
				.getConfigurationService()
				.getSettings()
				.get(Outbox.TABLE_PROPERTY);
			if (table != null) {
				entity.getTable().setSubselect(Outbox.SELECT + table);
			}
		}

		@Override
		public void bind(OutboxTable annotation, MetadataBuildingContext context, Component embeddable) {
			throw new IllegalArgumentException("@OutboxTable is for entities");
		}

	}

}
