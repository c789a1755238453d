package dev.outbox.autoconfigure;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches unless events are only captured. The property is bound as
 * {@link OutboxProperties} binds it: were "off" taken for false there and not here,
 * events would be stored and never sent.
 */
class OnSendingCondition extends SpringBootCondition {

	private static final String CAPTURE_ONLY = "outbox.capture-only";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		boolean captureOnly = Binder.get(context.getEnvironment()).bind(CAPTURE_ONLY, Boolean.class).orElse(false);
		return new ConditionOutcome(!captureOnly,
				ConditionMessage.forCondition("outbox").because(CAPTURE_ONLY + " is " + captureOnly));
	}

}
