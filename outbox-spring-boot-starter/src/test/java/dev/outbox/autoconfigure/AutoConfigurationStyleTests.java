package dev.outbox.autoconfigure;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the auto-configurations have in common with Spring Boot's own.
 */
class AutoConfigurationStyleTests {

	static List<Class<?>> autoConfigurations() {
		return OutboxContexts.autoConfigurations();
	}

	@Test
	void everyAutoConfigurationIsImported() throws IOException {
		Resource[] classes = new PathMatchingResourcePatternResolver()
			.getResources("classpath*:dev/outbox/**/*AutoConfiguration.class");
		assertThat(autoConfigurations()).extracting((type) -> type.getSimpleName() + ".class")
			.containsExactlyInAnyOrderElementsOf(Arrays.stream(classes).map(Resource::getFilename).toList());
	}

	@ParameterizedTest
	@MethodSource("autoConfigurations")
	void classIsPublicAndFinal(Class<?> type) {
		assertThat(type).isPublic().isFinal();
		assertThat(type.getSimpleName()).startsWith("Outbox").endsWith("AutoConfiguration");
	}

	@ParameterizedTest
	@MethodSource("autoConfigurations")
	void membersAreNotPublic(Class<?> type) {
		List<Method> beans = beanMethods(type);
		assertThat(beans).isNotEmpty()
			.noneMatch((method) -> Modifier.isPublic(method.getModifiers()))
			.noneMatch((method) -> Modifier.isPrivate(method.getModifiers()));
		assertThat(type.getConstructors()).filteredOn((constructor) -> constructor.getParameterCount() > 0).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("autoConfigurations")
	void namesOfBeansBeginWithThatOfTheOutbox(Class<?> type) {
		assertThat(beanMethods(type)).extracting(Method::getName).allMatch((name) -> name.startsWith("outbox"));
	}

	private static List<Method> beanMethods(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods())
			.filter((method) -> method.isAnnotationPresent(Bean.class))
			.toList();
	}

}
