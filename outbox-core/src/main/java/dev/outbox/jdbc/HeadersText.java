package dev.outbox.jdbc;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * Headers as they stand in their column: a JSON object, or nothing.
 */
final class HeadersText {

	private static final JsonMapper MAPPER = new JsonMapper();

	private static final TypeReference<LinkedHashMap<String, String>> TYPE = new TypeReference<>() {
	};

	private HeadersText() {
	}

	static @Nullable String write(Map<String, String> headers) {
		return headers.isEmpty() ? null : MAPPER.writeValueAsString(headers);
	}

	static Map<String, String> read(@Nullable String text) {
		if (text == null) {
			return Map.of();
		}
		Map<String, String> headers = MAPPER.readValue(text, TYPE);
		// Whatever stands there was written by hand.
		if (headers == null || headers.values().stream().anyMatch(Objects::isNull)) {
			throw new IllegalArgumentException("The headers are no JSON object of texts");
		}
		return Collections.unmodifiableMap(headers);
	}

}
