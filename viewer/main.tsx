import { render } from 'preact';
import './style/tokens.css';
import './style/base.css';
import './style/search.css';
import './style/trace.css';
import './style/waterfall.css';
import './style/details.css';
import './style/explain.css';
import { App } from './view/app.tsx';

const host = document.getElementById('viewer');
if (host === null) throw new Error('index.html should have an element with the id "viewer"');
render(<App />, host);
