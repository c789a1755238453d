package dev.outbox.benchmarks.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jfree.chart.ChartFactory;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.StandardChartTheme;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.xy.XYDataset;
import org.jfree.svg.SVGGraphics2D;

/**
 * Draws charts as SVG.
 */
final class Plot {

	private static final int WIDTH = 800;

	private static final int HEIGHT = 400;

	// On a logarithmic axis.
	private static final double LEAST = 0.1;

	private Plot() {
	}

	static void bars(Path file, String title, String unit, CategoryDataset data, boolean logarithmic)
			throws IOException {
		JFreeChart chart = ChartFactory.createBarChart(title, null, unit, data, PlotOrientation.HORIZONTAL,
				data.getRowCount() > 1, false, false);
		CategoryPlot plot = chart.getCategoryPlot();
		BarRenderer renderer = (BarRenderer) plot.getRenderer();
		renderer.setBarPainter(new StandardBarPainter());
		renderer.setShadowVisible(false);
		renderer.setItemMargin(0);
		if (logarithmic) {
			renderer.setIncludeBaseInRange(false);
			renderer.setBase(LEAST);
			LogAxis axis = new LogAxis(unit);
			axis.setSmallestValue(LEAST);
			plot.setRangeAxis(axis);
		}
		write(file, chart);
	}

	static void lines(Path file, String title, String x, String y, XYDataset data) throws IOException {
		JFreeChart chart = ChartFactory.createXYLineChart(title, x, y, data);
		XYPlot plot = chart.getXYPlot();
		plot.setRenderer(new XYLineAndShapeRenderer(true, true));
		plot.setDomainAxis(new LogAxis(x));
		write(file, chart);
	}

	private static void write(Path file, JFreeChart chart) throws IOException {
		StandardChartTheme theme = new StandardChartTheme("plain");
		theme.setExtraLargeFont(new Font(Font.SANS_SERIF, Font.BOLD, 16));
		theme.setPlotBackgroundPaint(Color.WHITE);
		theme.setRangeGridlinePaint(Color.LIGHT_GRAY);
		theme.setDomainGridlinePaint(Color.LIGHT_GRAY);
		theme.apply(chart);
		SVGGraphics2D graphics = new SVGGraphics2D(WIDTH, HEIGHT);
		chart.draw(graphics, new Rectangle(WIDTH, HEIGHT));
		Files.createDirectories(file.toAbsolutePath().getParent());
		Files.writeString(file, graphics.getSVGElement());
	}

}
