package dev.outbox.testsupport;

import java.io.File;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The jars and folders from which a JVM loads its classes.
 *
 * @param entries the paths of the jars and folders
 */
record ClassPath(List<String> entries) {

	private static final Pattern OTHER_THAN_LOGBACK = Pattern.compile("(slf4j-(?!api-)|log4j-slf4j).*");

	/**
	 * The class path of the running tests. Surefire may start its JVM with a single jar
	 * that only points to the others, and then names them in a property.
	 * @return the class path
	 */
	static ClassPath ofThisJvm() {
		String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		return new ClassPath(
				Arrays.stream(path.split(File.pathSeparator)).filter((entry) -> !entry.isBlank()).toList());
	}

	/**
	 * The part of this class path that a server from a library needs: its jars, without
	 * the project's own folders and without bindings of SLF4J other than Logback.
	 * @return the smaller class path
	 */
	ClassPath librariesWithLogback() {
		return new ClassPath(this.entries.stream().filter(ClassPath::isLibraryOrLogback).toList());
	}

	private static boolean isLibraryOrLogback(String entry) {
		String name = new File(entry).getName();
		return name.endsWith(".jar") && !OTHER_THAN_LOGBACK.matcher(name).matches();
	}

	/**
	 * The option for the java command, in the form it has in an argument file.
	 * @return the option with its value in quotes
	 */
	String toArgument() {
		String path = String.join(File.pathSeparator, this.entries);
		return "-cp \"" + path.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
	}

}
