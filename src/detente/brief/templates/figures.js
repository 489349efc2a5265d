// Draws the figures of the page: those in sight first, the others when there is time, all of them before printing.
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");
  var store = JSON.parse(document.getElementById("figure-data").textContent);
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  var plots = Array.prototype.slice.call(document.querySelectorAll("[data-figure]"));
  var drawn = new Map();
  var onPaper = false;

  function refuse() {
    return Promise.reject(new Error("this page loads nothing"));
  }

  function options(look) {
    return {
      mode: "vega-lite",
      config: store.looks[look],
      renderer: "svg",
      ast: true, // expressions are interpreted, so that the page may forbid evaluation
      actions: false,
      defaultStyle: false,
      tooltip: false,
      hover: false,
      logLevel: 1, // errors only
      loader: { load: refuse, sanitize: refuse },
    };
  }

  // A dataset is kept as the names of its fields and rows without names.
  function rowsOf(lines) {
    return lines.slice(1).map(function (values) {
      var row = {};
      lines[0].forEach(function (name, place) {
        row[name] = values[place];
      });
      return row;
    });
  }

  function draw(plot) {
    var look = dark.matches && !onPaper ? "dark" : "light";
    var before = drawn.get(plot);
    if (before && before.look === look) return before.done;
    var now = { look: look };
    drawn.set(plot, now);
    var figure = store.figures[plot.dataset.figure];
    var datasets = {};
    Object.keys(figure.data).forEach(function (name) {
      datasets[name] = rowsOf(figure.data[name]);
    });
    var spec = Object.assign({}, store.specs[figure.spec], { datasets: datasets });
    now.done = window.detenteFigures(plot, spec, options(look)).then(function (made) {
      if (before && before.made) before.made.finalize();
      now.made = made;
      var picture = plot.querySelector("svg");
      picture.setAttribute("aria-hidden", "true");
      picture.setAttribute("focusable", "false");
    });
    return now.done;
  }

  function drawWhenIdle(next) {
    if (next === plots.length) {
      root.dataset.figures = "drawn";
      return;
    }
    draw(plots[next]).then(function () {
      window.setTimeout(drawWhenIdle, 0, next + 1);
    });
  }

  var watcher = new IntersectionObserver(
    function (entries) {
      entries.forEach(function (entry) {
        if (!entry.isIntersecting) return;
        watcher.unobserve(entry.target);
        draw(entry.target);
      });
    },
    { rootMargin: "300px" }
  );
  plots.forEach(function (plot) {
    watcher.observe(plot);
  });
  window.setTimeout(drawWhenIdle, 50, 0);

  dark.addEventListener("change", function () {
    plots.forEach(draw);
  });
  window.addEventListener("beforeprint", function () {
    onPaper = true;
    plots.forEach(draw);
  });
  window.addEventListener("afterprint", function () {
    onPaper = false;
    plots.forEach(draw);
  });
})();
