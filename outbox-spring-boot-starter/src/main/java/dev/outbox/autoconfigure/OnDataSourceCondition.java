package dev.outbox.autoconfigure;

import javax.sql.DataSource;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches if there is any data source, also one that is found by its qualifier alone. If
 * there are several and none is the outbox's, the application fails and says so.
 */
class OnDataSourceCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beans = context.getBeanFactory();
		String[] names = (beans != null)
				? BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false)
				: new String[0];
		ConditionMessage.Builder message = ConditionMessage.forCondition("outbox");
		return (names.length > 0) ? ConditionOutcome.match(message.found("data source").items((Object[]) names))
				: ConditionOutcome.noMatch(message.didNotFind("any data source").atAll());
	}

}
