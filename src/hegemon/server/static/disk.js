// Browsers run no page of modules from a folder: say what to do, where nothing else can.
if (location.protocol === "file:") {
  document.getElementById("app").innerHTML =
    "<main><h1>Serve this folder</h1>" +
    "<p>Browsers do not let a page that is opened from a folder read the files beside it. In the folder, run</p>" +
    "<pre>python3 -m http.server</pre><p>and open <a href='http://localhost:8000'>http://localhost:8000</a>. It needs no network.</p></main>";
  document.querySelector("main").style.cssText = "max-width:34em;margin:12vh auto;padding:0 20px;font:16px/1.6 sans-serif";
}
