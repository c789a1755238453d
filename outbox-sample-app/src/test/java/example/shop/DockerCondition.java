package example.shop;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/**
 * Skips tests where Docker does not run, and says so; with the system property
 * {@code outbox.test.servers} set to {@code required} that is an error.
 */
final class DockerCondition implements ExecutionCondition {

	@Override
	public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
		if (DockerClientFactory.instance().isDockerAvailable()) {
			return ConditionEvaluationResult.enabled("Docker runs");
		}
		String reason = "Docker: not available, %s is skipped".formatted(context.getDisplayName());
		if ("required".equals(System.getProperty("outbox.test.servers"))) {
			throw new IllegalStateException(reason);
		}
		System.out.println(reason);
		return ConditionEvaluationResult.disabled(reason);
	}

}
