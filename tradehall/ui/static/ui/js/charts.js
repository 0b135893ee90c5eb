// Draws [data-chart] boxes from the JSON beside them, once one comes near the window. The table below each chart says the same.
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const boxes = [...document.querySelectorAll("[data-chart]")];

function library(address) {
  if (window.echarts) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}

function series(chart, data, across) {
  const last = data.series.length - 1;
  return data.series.map((row, i) => ({
    name: row.name,
    type: data.kind === "line" ? "line" : "bar",
    stack: data.kind === "stack" ? "all" : undefined,
    barMaxWidth: across ? 14 : 26,
    showBackground: across,
    backgroundStyle: { color: css("--surface-2"), borderRadius: 3 },
    data: across ? [...row.values].reverse() : row.values,
    symbol: "circle",
    itemStyle: { color: css(`--d-${row.tone || "works"}`), borderColor: css("--surface"), borderWidth: data.kind === "stack" ? 1 : 0, borderRadius: across ? 3 : i === last ? [3, 3, 0, 0] : 0 },
    label: across ? { show: true, position: "right", color: css("--ink-700") } : undefined,
  }));
}

function options(chart, data) {
  const across = data.kind === "across";
  const many = data.series.length > 1;
  const ink = css("--ink-500");
  const names = { type: "category", data: across ? [...data.categories].reverse() : data.categories, axisTick: { show: false }, axisLine: { show: !across, lineStyle: { color: css("--line-200") } }, axisLabel: { color: ink } };
  const values = { type: "value", show: !across, splitLine: { lineStyle: { color: css("--line-100") } }, axisLabel: { color: ink } };
  return {
    animation: false,
    textStyle: { fontFamily: css("--font-cn"), color: ink },
    grid: { left: 8, right: across ? 64 : 8, top: many ? 34 : 12, bottom: 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: many ? { top: 0, left: 0, itemWidth: 10, itemHeight: 10, itemGap: 16, icon: "roundRect", textStyle: { color: ink, fontSize: 12 } } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText" },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: series(chart, data, across),
  };
}

async function draw(box) {
  await library(box.dataset.library);
  const data = JSON.parse(document.getElementById(box.dataset.chart).textContent);
  const chart = window.echarts.init(box, null, { renderer: "svg" });
  chart.setOption(options(chart, data));
  if (data.links) chart.on("click", (hit) => { const at = data.categories.indexOf(hit.name); if (data.links[at]) location.assign(data.links[at]); });
  new ResizeObserver(() => chart.resize()).observe(box);
}

const near = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    near.unobserve(entry.target);
    draw(entry.target).catch(() => { entry.target.hidden = true; entry.target.parentElement.querySelector("details").open = true; });
  }
}, { rootMargin: "300px" });
boxes.forEach((box) => near.observe(box));
