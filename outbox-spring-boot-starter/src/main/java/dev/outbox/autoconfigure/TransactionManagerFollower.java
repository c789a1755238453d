package dev.outbox.autoconfigure;

import dev.outbox.publish.OutboxTransactions;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.transaction.ConfigurableTransactionManager;

/**
 * Has the outbox follow every transaction manager of the application, also those whose
 * transactions it cannot take part in, so that it can say so.
 */
class TransactionManagerFollower implements BeanPostProcessor {

	private final ObjectProvider<OutboxTransactions> transactions;

	TransactionManagerFollower(ObjectProvider<OutboxTransactions> transactions) {
		this.transactions = transactions;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof ConfigurableTransactionManager manager) {
			this.transactions.ifAvailable((transactions) -> transactions.follow(manager, beanName));
		}
		return bean;
	}

}
