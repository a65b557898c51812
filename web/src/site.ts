// The explorer's pages as `hegemon publish` writes them: what there is to see lies beside them.
import "./report/fonts.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { theme } from "./lib/theme.svelte";

theme.begin();
mount(App, { target: document.getElementById("app")! });
