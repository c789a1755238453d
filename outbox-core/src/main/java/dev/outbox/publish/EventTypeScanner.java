package dev.outbox.publish;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import dev.outbox.EventType;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AssignableTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the enums that implement {@link EventType} in an application's packages.
 *
 * @since 0.1
 */
public final class EventTypeScanner extends ClassPathScanningCandidateComponentProvider {

	private final ResourceLoader resources;

	/**
	 * Create a scanner.
	 * @param environment the application's environment
	 * @param resources gives the class path to scan
	 */
	public EventTypeScanner(Environment environment, ResourceLoader resources) {
		super(false, environment);
		this.resources = resources;
		setResourceLoader(resources);
		addIncludeFilter(new AssignableTypeFilter(EventType.class));
	}

	/**
	 * Scan packages and their sub-packages.
	 * @param packages the names of the packages
	 * @return the constants of all enums that were found
	 */
	public List<EventType> scan(Collection<String> packages) {
		List<EventType> types = new ArrayList<>();
		packages.stream()
			.flatMap((name) -> findCandidateComponents(name).stream())
			.map((definition) -> String.valueOf(definition.getBeanClassName()))
			.distinct()
			.sorted()
			.map((name) -> ClassUtils.resolveClassName(name, this.resources.getClassLoader()))
			.filter(Class::isEnum)
			.forEach((type) -> {
				for (Object constant : type.getEnumConstants()) {
					types.add((EventType) constant);
				}
			});
		return types;
	}

	@Override
	protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
		return definition.getMetadata().isIndependent();
	}

}
