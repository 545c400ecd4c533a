"""Web pages: which part is the article, how its blocks are written, what it says of itself, and hostile ones."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from pipeline.analysis import analyze
from pipeline.formats._blocks import Block
from pipeline.formats._region import find_region
from pipeline.formats._tidy import tidy
from pipeline.formats._webmeta import iso_date
from pipeline.formats.base import InputError
from pipeline.formats.web import _HOLDERS, _PROLOG, html, parsed, walk
from pipeline.stages.read import read
from tests.linear import assert_linear

A = "仓库的扫码枪全部失灵，客服电话响了两个星期，谁也说不清是哪一步出了错。"
B = "排期是倒推出来的，测试时间被一再压缩，人人都觉得别人会兜底。"
C = "最后花了九天才把数据补齐，仓库里的人轮流顶班，谁都没有怨言。"
D = "下一次上线之前，我们会把回滚的步骤写在纸上，再找一个外人念一遍。"


def page(body: str, head: str = "") -> str:
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'>{head}</head><body>{body}</body></html>"


def text(body: str, head: str = "") -> str:
    return html(page(body, head)).text


def headings(tmp_path: Path, source: str) -> list[str]:
    path = tmp_path / "a.html"
    path.write_text(source, encoding="utf-8")
    return [s.heading for s in analyze(path).sections if s.heading]


PAGE = f"""<!DOCTYPE html><html><head><title>一次失败的上线 - 某某博客</title>
<meta charset="gbk"><style>p {{}}</style></head>
<body>
<nav><a href="/">首页</a><a href="/a">关于我们</a></nav>
<article><h1>一次失败的上线</h1><p>{A}</p>
<h2>起因</h2><p>排期是倒推出来的，<b>测试时间</b>被一再压缩，谁都觉得别人会兜底。</p>
<ul><li>排期太紧，没有留白</li>
<li>测试太少，没有回归</li></ul>
<h2>经过</h2><p>{C}</p><script>alert("坏")</script></article>
<footer>版权所有，翻印必究</footer></body></html>"""


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_a_page(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "page.html"
    path.write_bytes(PAGE.encode(encoding))
    article = read(path)
    assert (article.format, article.title, article.extracted) == ("html", "一次失败的上线", True)
    assert article.text == (
        f"# 一次失败的上线\n\n{A}\n\n## 起因\n\n排期是倒推出来的，测试时间被一再压缩，谁都觉得别人会兜底。\n\n"
        f"- 排期太紧，没有留白\n- 测试太少，没有回归\n\n## 经过\n\n{C}\n"
    )


# ---------------------------------------------------------------------------------------------------------------------
# which part is the article

BLOG = f"""<div class="container"><header class="header"><h1 class="site-title">老林的笔记</h1>
<ul class="main-menu"><li><a href="/">首页</a></li></ul></header><main><article class="post-block">
<header class="post-header"><h1 class="post-title">慢下来的一年</h1><div class="post-meta">发表于
<time datetime="2021-01-02T22:20:00+08:00">2021-01-02</time> 阅读次数：1024</div></header>
<div class="post-body" itemprop="articleBody"><div class="toc"><p>目录</p><ul><li><a href="#a">工作</a></li></ul></div>
<p>{A}</p><h2 id="a"><a class="headerlink" href="#a"></a>工作</h2><p>{B}</p>
<h2 id="b"><a class="headerlink" href="#b">#</a>生活</h2><p>{C}</p></div>
<div class="reward-container">请我喝咖啡</div><ul class="post-copyright"><li>本文作者：林一</li></ul>
<div class="post-nav"><a href="/p">去东北看雪</a></div></article>
<div class="comments"><p>写得真好，我去年也是这样过来的，特别有同感，大家一起加油。</p></div></main>
<aside class="sidebar"><p>站点概览</p></aside><footer>由某框架强力驱动</footer></div>"""

WECHAT = f"""<script>var ct = "1609588800";</script><div id="js_article"><div id="img-content">
<h1 class="rich_media_title" id="activity-name"> 慢下来的一年 </h1><div id="meta_content" class="rich_media_meta_list">
<span>原创</span><span id="js_author_name">林一</span><a id="js_name">老林的笔记</a><em id="publish_time"></em></div>
<div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0; "><section>
<p style="text-align:center">点击上方蓝字关注我们</p><p><span>{A}</span></p><p><br></p>
<section><section style="font-size:30px"><p>01</p></section><section style="font-size:18px"><p><strong>工作</strong></p>
</section></section><p>{B}</p><section><section style="font-size:30px"><p>02</p></section>
<section style="font-size:18px"><p><strong>生活</strong></p></section></section><p>{C}</p></section>
<p>- END -</p><p><strong>往期推荐</strong></p><p><a href="x">去东北看雪</a></p></div></div>
<div class="rich_media_tool">阅读 10万+</div><div class="discuss_container">精选留言 {D}</div></div>"""

OLD = f"""<form id="aspnetForm"><table><tr><td><a href="/">首页</a> | <a href="/b">论坛</a></td></tr></table><table><tr>
<td><b>热点新闻</b><br><a href="/2">放假通知</a></td><td><table><tr><td align="center"><b>慢下来的一年</b></td></tr>
<tr><td>时间：2021-1-2 15:30:00　来源：老林的笔记　作者：林一　点击：1203次</td></tr><tr><td><div id="content">
　　{A}<br><br><b>　　工作</b><br>　　{B}<br><br><b>　　生活</b><br>　　{C}<br></div></td></tr>
<tr><td>上一篇：<a href="/3">去东北看雪</a></td></tr></table></td></tr></table><p>版权所有 某某网</p></form>"""

HASHED = f"""<div class="_21b"><div class="_1mQ"><a>首页</a><a>下载</a></div><div class="_gp"><div class="ouv">
<h1 class="_1Ru">慢下来的一年</h1><div class="rEs"><a>林一</a> <span>字数 1,790</span></div><div class="_2rh"><p>{A}</p>
<h3>工作</h3><p>{B}</p><h3>生活</h3><p>{C}</p></div></div><div class="_13l"><a>去东北看雪</a></div></div></div>"""

NAMED = {
    "blog": (BLOG, "发表于 阅读次数 目录 咖啡 本文作者 看雪 写得真好 站点 驱动"),
    "wechat": (WECHAT, "原创 蓝字 END 往期 看雪 10万 留言 回滚"),
    "old": (OLD, "论坛 热点 放假 点击 看雪 版权"),
    "hashed": (HASHED, "下载 字数 看雪"),
}


@pytest.mark.parametrize("name", NAMED)
def test_the_article_alone(tmp_path: Path, name: str) -> None:
    body, others = NAMED[name]
    source = page(body, "<title>慢下来的一年 | 老林的笔记</title>")
    found = html(source)
    assert found.title == "慢下来的一年"
    for paragraph in (A, B, C):
        assert paragraph in found.text
    for word in others.split():
        assert word not in found.text
    number = ("01 ", "02 ") if name == "wechat" else ("", "")
    assert headings(tmp_path, source) == [f"{number[0]}工作", f"{number[1]}生活"]


@pytest.mark.parametrize("name", ["blog", "wechat", "old"])
def test_who_when_and_where(name: str) -> None:
    found = html(page(NAMED[name][0], "<title>慢下来的一年 | 老林的笔记</title><meta name='author' content='林一'>"))
    assert (found.metadata.author, found.metadata.date) == ("林一", "2021-01-02")
    assert found.metadata.source == "老林的笔记"


@pytest.mark.parametrize(
    "head",
    [
        "<meta property='article:author' content='林一'><meta property='article:published_time' "
        "content='2021-01-01T16:20:00.000Z'><meta property='og:site_name' content='某报'>",
        '<script type="application/ld+json">{"@graph":[{"@type":"WebSite","name":"某报"},{"@type":"Article",'
        '"headline":"一","datePublished":"2021-01-02","author":[{"name":"林一"}]}]}</script>',
        "<meta name='PubDate' content='2021-01-02 09:00'><meta name='ContentSource' content='某报'>"
        "<meta name='author' content='林一'>",
    ],
    ids=["open graph", "linked data", "government"],
)
def test_what_a_page_says_for_machines(head: str) -> None:
    found = html(page(f"<article><p>{A}</p></article>", head)).metadata
    assert (found.author, found.date, found.source) == ("林一", "2021-01-02", "某报")


@pytest.mark.parametrize(
    ("told", "day"),
    [("1609588800", "2021-01-02"), ("发布于 2021年1月2日 8:00", "2021-01-02"), ("2021-01-01T16:00:00Z", "2021-01-02"),
     ("2021-01-01T16:00:00+08:00", "2021-01-01"), ("昨天", None), ("2021年", None), ("12021-01-02", None)],
)  # fmt: skip
def test_dates(told: str, day: str | None) -> None:
    assert iso_date(told) == day


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>上线以后 - 随笔 - 某某网</title>", "上线以后"),
        ("<title>上线以后_某某新闻_某某网</title>", "上线以后"),
        ("<title>(3 封私信) 上线以后 - 知乎</title>", "上线以后"),
        ("<meta property='og:title' content='2021-2022 总结'><title>首页</title>", "2021-2022 总结"),
        ("<title>无标题文档</title>", None),
        ("", None),
    ],
)
def test_titles(head: str, title: str | None) -> None:
    assert html(page(f"<p>{A}</p><p>{B}</p>", head)).title == title


@pytest.mark.parametrize(
    ("told", "heads", "title"),
    [
        ("上线以后 - 老林的笔记", ["老林的笔记"], "上线以后"),
        ("上线以后：一次复盘_某某网", ["某某网", "上线以后：一次复盘"], "上线以后：一次复盘"),
        ("java - 上线以后的那些事 - 某某网", ["上线以后的那些事"], "上线以后的那些事"),
        ("某某网", ["上线以后的那些事"], "上线以后的那些事"),
        ("", ["上线以后"], "上线以后"),
        ("", ["上线以前", "上线以后"], None),
    ],
)
def test_titles_and_headings(told: str, heads: list[str], title: str | None) -> None:
    body = "".join(f"<h1>{h}</h1>" for h in heads)
    assert html(page(f"{body}<p>{A}</p><p>{B}</p>", f"<title>{told}</title>")).title == title


def test_headings_of_the_first_level_stay_below_the_title(tmp_path: Path) -> None:
    body = f"<article><h1>起因</h1><p>{A}</p><h2>排期</h2><p>{B}</p><h1>经过</h1><p>{C}</p></article>"
    source = page(body, "<title>上线以后</title>")
    assert html(source).text.count("\n## ") == 2
    assert headings(tmp_path, source) == ["起因", "排期", "经过"]


def test_an_index_is_read_whole() -> None:
    """Of several articles of one size none is *the* article."""
    found = text(
        "<main>" + "".join(f"<article><h2>{n}</h2><p>{A}</p><p>{B}</p></article>" for n in "甲乙丙") + "</main>"
    )
    assert [line for line in found.split("\n") if line.startswith("#")] == ["## 甲", "## 乙", "## 丙"]


def test_what_is_hidden_is_not_read_unless_it_is_the_article() -> None:
    spam = "".join(
        f"<{tag}>加微信领红包</{tag.split()[0]}>"
        for tag in ("p style='display: none'", "span hidden", "p aria-hidden='true'", "p style='opacity:0;'",
                    "span style='font-size:0'", "noscript", "p style='VISIBILITY : hidden'")
    )  # fmt: skip
    found = text(
        "<div id='app' aria-hidden='true' style='opacity: 0'>"
        f"<p>{A}{spam}</p>{spam}<p style='opacity:0.9'>{B}</p></div>"
    )
    assert found == f"{A}\n\n{B}\n"


def test_words_in_names_do_not_cost_the_article_its_parts() -> None:
    found = text(
        f"<body class='has-sidebar'><div class='content-with-sidebar'><article class='post hentry category-life tag-a'>"
        f"<div class='note info'><p>{A}</p></div><p><span class='author'>林一</span>说过：{B}</p><pre><code>"
        f"<span class='token comment'># 先停服</span></code></pre><p>{C}</p></article></div>"
    )
    for part in (A, f"林一说过：{B}", "# 先停服", C):
        assert part in found


def test_a_page_whose_text_is_in_a_script_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    for body, message in (
        (f"<div id='root'>加载</div><script>var a='{A * 6}'</script>", "only inside a script; save the page once"),
        ("<div id='root'>请稍候</div><script src='a.js'></script>", "only inside a script"),
        ("<h1>一次失败的上线，和它之后的事</h1>", "no Chinese text"),
        ("<frameset><frame src='a.html'></frameset>", "only holds frames; save the frame"),
    ):
        path.write_text(page(body, "<title>一次失败的上线</title>"), encoding="utf-8")
        with pytest.raises(InputError, match=message):
            read(path)


# ---------------------------------------------------------------------------------------------------------------------
# blocks

BLOCKS = {
    "inline": (f"<p>{A[:9]}<a href='x'>{A[9:14]}</a><em>{A[14:]}</em></p>", A),
    "wrapped": (f"<p>{A[:9]}\n   {A[9:]}</p>", A),
    "breaks": (f"<p>{A}<br>{B}<br/><br/>　　{C}</p>", f"{A}\n\n{B}\n\n{C}"),
    "after a comma": (f"<p>{A[:11]}<br>{A[11:]}</p>", A),
    "soup": (f"<div><section><span>{A}</span></section><div>{B}<div>{C}</div></div></div>", f"{A}\n\n{B}\n\n{C}"),
    "bold": (f"<p>{A}</p><p><b>一、</b><span style='font-weight:700'>起因</span></p><p><b>先</b>说</p>",
             f"{A}\n\n**一、起因**\n\n先说"),
    "not bold": (f"<p>{A}</p><p><b><span style='font-weight: normal'>起因</span></b></p>", f"{A}\n\n起因"),
    "quotation": (f"<p>{A}</p><blockquote><p>{B}</p><p><b>{C}</b></p></blockquote>", f"{A}\n\n> {B}\n\n> {C}"),
    "numbered": ("<p>" + A + "</p><ol start='3'><li>停服</li><li><p>回滚</p><p>再看</p></li></ol>",
                 f"{A}\n\n3. 停服\n4. 回滚\n\n  再看"),
    "nested": (f"<p>{A}</p><ol><li>停服<ul><li>先通知</li></ul></li><li>回滚</li></ol>",
               f"{A}\n\n- 停服\n  - 先通知\n- 回滚"),
    "table": (f"<p>{A}</p><table><thead><tr><th>指标<th>数值</thead><tr><td><p>退货</p><td>6<br>%</table>",
              f"{A}\n\n| 指标 | 数值 |\n| 退货 | 6 % |"),
    "layout": (f"<table><tr><td><p>{A}</p><h2>起因</h2></td><td><p>{B}</p></td></tr></table>",
               f"{A}\n\n## 起因\n\n{B}"),
    "code": (f"<p>{A}</p><figure class='highlight'><table><tr><td class='gutter'><pre>1<br>2</pre></td>"
             "<td class='code'>"
             "<pre><span>a = 1</span><br><span>  b</span><br></pre></td></tr></table></figure>",
             f"{A}\n\n```\na = 1\n  b\n```"),
    "fence": (f"<p>{A}</p><pre>```\nx\n```</pre>", f"{A}\n\n````\n```\nx\n```\n````"),
    "caption": (f"<p>{A}</p><figure><img src='x'><figcaption>开业那天</figcaption></figure><p>{B}</p>",
                f"{A}\n\n> 开业那天\n\n{B}"),
    "details": (f"<p>{A}</p><details><summary>还做吗</summary><p>{B}</p></details>", f"{A}\n\n还做吗\n\n{B}"),
    "ruby": (f"<p>{A}<ruby>复<rp>(</rp><rt>fù</rt></ruby>盘<wbr>&zwnj;会</p>", f"{A}复盘\u200c会"),
    "notes": (f"<p>{A}<sup><a href='#fn1'>[1]</a></sup>共10<sup>2</sup>平米</p>", f"{A}共102平米"),
    "math": (f"<p>{A}<math><mi>x</mi><annotation>x_1</annotation></math></p>", f"{A}x"),
    "own elements": (f"<x-doc><ne-h2><ne-text>起因</ne-text></ne-h2><ne-p>{A}</ne-p><ne-p>{B}</ne-p></x-doc>",
                     f"## 起因\n\n{A}\n\n{B}"),
    "roles": (f"<div role='heading' aria-level='3'>起因</div><p>{A}</p><div class='heading heading-h2'>经过</div>"
              f"<p>{B}</p>",
              f"### 起因\n\n{A}\n\n## 经过\n\n{B}"),
    "anchors": (f"<h2>起因<a href='#a'>¶</a></h2><p>{A}</p><h2><a href='#b'>#</a> 经过&#8203;</h2><p>{B}</p>"
                f"<h2><a>C# 一年</a></h2><p>{C}</p>", f"## 起因\n\n{A}\n\n## 经过\n\n{B}\n\n## C# 一年\n\n{C}"),
    "empty": (f"<h2> </h2><p>&nbsp;</p><p>{A}</p><hr><p>▼</p><p>{B}</p>", f"{A}\n\n{B}"),
}  # fmt: skip


@pytest.mark.parametrize("name", BLOCKS)
def test_blocks(name: str) -> None:
    body, expected = BLOCKS[name]
    assert text(body) == expected + "\n"


def test_contents_are_left_out() -> None:
    links = "".join(f"<li><a href='#{k}'>第{k}节</a></li>" for k in range(3))
    assert text(f"<p>{A}</p><h3>文章目录</h3><ul>{links}</ul><h2>起因</h2><p>{B}</p>") == f"{A}\n\n## 起因\n\n{B}\n"


LARGER = "<p style='font-size:{}px'>{}</p>"


def test_larger_letters_make_headings(tmp_path: Path) -> None:
    body = "".join(
        LARGER.format(20, name) + LARGER.format(15, part) + LARGER.format(15, D)
        for name, part in (("起因", A), ("经过", B), ("以后", C))
    )
    assert headings(tmp_path, page(body)) == ["起因", "经过", "以后"]


def test_a_ground_of_their_own_makes_headings(tmp_path: Path) -> None:
    box = "<section style='background-color:#b5b7e6;display:inline-block'><p>{}</p></section><p>{}</p><p>{}</p>"
    assert headings(tmp_path, page(box.format("起因", A, B) + box.format("经过", C, D))) == ["起因", "经过"]


def test_verses_in_large_letters_are_none() -> None:
    verses = "".join(LARGER.format(20, line) for line in ("人走了", "灯还亮着", "雪下了一夜", "没有人回来"))
    prose = "".join(LARGER.format(15, p) for p in (B, C, D, B, C, D))
    found = text(LARGER.format(15, A) + verses + prose)
    assert "#" not in found


def test_small_letters_below_a_picture_are_its_caption() -> None:
    found = text(
        LARGER.format(15, A) + "<p><img src='x'></p>" + LARGER.format(12, "开业当天的门口") + LARGER.format(15, B)
    )
    assert found == f"{A}\n\n> 开业当天的门口\n\n{B}\n"


# ---------------------------------------------------------------------------------------------------------------------
# hostile pages


def test_deeply_nested_pages(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    inside = "<h2>起因</h2><p>最里面的<b>一句</b>话，还是要读出来的。</p><ul><li>排期太紧</li></ul><script>坏</script>"
    for depth in (300, 3_000, 30_000):
        source = "<html><body><p>外面还有一句话，也在。</p>" + "<div><span>" * depth + inside + "</span></div>" * depth
        path.write_text(source, encoding="utf-8")
        assert read(path).text == (
            "外面还有一句话，也在。\n\n## 起因\n\n最里面的一句话，还是要读出来的。\n\n- 排期太紧\n"
        )


def test_a_page_too_deep_to_read_is_said_to_be(tmp_path: Path) -> None:
    path = tmp_path / "deep.html"
    path.write_text("<html>" + "<x-y>" * 5_000 + "最里面的一句话，读不到的。", encoding="utf-8")
    with pytest.raises(InputError, match="nested more than 2000 deep"):
        read(path)


def test_a_long_text_without_tags_is_read_whole() -> None:
    root, whole = parsed(f"<p>{'a' * 10_000_001}</p><p>最后</p>")
    assert "".join(root.itertext()).endswith("aaa最后")
    assert not whole


def test_a_doctype_with_an_inner_part_is_no_text() -> None:
    source = (
        '<?xml version="1.0"?>\n<!-- 稿 -->\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.1//EN" "a.dtd" [\n'
        "<!ENTITY a \"]>\">\n<!-- don't ]> -->\n<!ENTITY b '甲'>\n]>\n<html xmlns='http://www.w3.org/1999/xhtml'>"
        f"<head><title>起因</title></head><body><p>{A}</p></body></html>"
    )
    assert html(source).text == f"# 起因\n\n{A}\n"


def test_what_is_not_closed_and_null_bytes() -> None:
    assert text(f"<div><p>{A[:9]}\0{A[9:]}<p><b>起因<p>{B}<ul><li>甲<li>乙").split("\n")[0] == A


def test_walking_takes_all_of_a_page() -> None:
    root, _ = parsed(
        f"<body><div class='comments'><p>{A}</p></div><nav>菜单</nav><h3>起因</h3><ul><li>甲</li></ul></body>"
    )
    assert walk(root) == f"{A}\n\n### 起因\n\n- 甲\n"


NOT_THE_TEXT = {
    "talk": f"<h3>全部评论</h3><p>{D}</p>",
    "end": "<p>—— END ——</p><p>我们下周再见</p>",
    "more": "<p><b>推荐阅读</b></p><p><a href='x'>去东北看雪</a></p>",
    "notice": "<p>责任编辑：林一</p><p>本文链接：某处</p><p>转载请注明出处。</p>",
    "buttons": "<p>点赞 31</p><p>收藏</p><p>上一篇 去东北看雪</p>",
    "empty heading": "<h2>参考</h2><p>编辑于 2021-03-04 10:20</p>",
}


@pytest.mark.parametrize("name", NOT_THE_TEXT)
def test_what_follows_the_text(name: str) -> None:
    body = f"<p>{A}</p><h2>起因</h2><p>{B}</p><p>{C}</p>"
    assert text(body + NOT_THE_TEXT[name]) == f"{A}\n\n## 起因\n\n{B}\n\n{C}\n"


@pytest.mark.parametrize(
    "last",
    [
        "相关的改进已经排进下个季度，由林一负责。",
        "分享一点感受，慢就是快。",
        "收藏家的故事讲完了，我们也该睡了。",
        "评论区里说得对，我们错了。",
    ],
)
def test_last_sentences_that_begin_like_notices(last: str) -> None:
    assert text(f"<p>{A}</p><p>{B}</p><p>{C}</p><p>{last}</p>").endswith(f"\n\n{last}\n")


@pytest.mark.parametrize("first", ["分享一次失败的上线", "首页改版的来龙去脉", "时间过得很快，一年又过去了"])
def test_first_lines_that_begin_like_bylines(first: str) -> None:
    assert text(f"<p>{first}</p><p>{A}</p><p>{B}</p>").startswith(first)


@pytest.mark.parametrize("name", ["report", "author", "profile", "share"])
def test_names_that_mislead(name: str) -> None:
    parts = "".join(f"<div class='{name}-part'><p>{p}</p></div>" for p in (A, B, C, D))
    assert text(f"<div id='a'>{parts}</div>") == f"{A}\n\n{B}\n\n{C}\n\n{D}\n"


@pytest.mark.parametrize("unit", ["<!--", "<!DOCTYPE [", "<!DOCTYPE [<!--", "<!DOCTYPE a ['", "<?xml ", " ", "<div "])
def test_time_of_preparing_is_linear(unit: str) -> None:
    def work(size: int) -> None:
        source = "<!DOCTYPE a [" + unit * (size // len(unit)) + "品"
        _PROLOG.sub("", source, count=1)
        _HOLDERS.sub("", source)

    assert_linear(work, 50_000, floor=0.05)


HOSTILE = {
    "paragraphs": "<p>短</p>", "breaks": "甲<br>", "cells": "<td>甲", "rows": "<tr><td>甲<td>乙", "items": "<li>甲",
    "lists": "<ol><li>甲", "tables": "<table><tr><td>", "sizes": "<p style='font-size:19px'>起因</p><p>甲乙</p>",
    "numbers": "<p>1</p><p>起因</p>", "headings": "<h2>起因</h2>", "links": "<li><a href='#a'>第一节</a>", "bylines":
    "<div class=author>2021-01-01 作者</div>", "boxes": "<div class='post-a comment-b'>", "blanks": "字 \n\t",
    "marks": "字- ", "brackets": "字[1 ", "ticks": "`", "hashes": "<h2>字####</h2>", "variables": "<script>ct = ",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_time_is_linear(name: str) -> None:
    assert_linear(lambda times: html(page(f"<p>{A}</p>" + HOSTILE[name] * times)), 1_500, floor=0.15)


@pytest.mark.parametrize(
    "source", [f"<p>{'字 ' * 500_000}</p>", f"<p class='{'a-' * 500_000}' style='{'a:' * 500_000}'>{A}"]
)
def test_a_million_characters_take_no_seconds(source: str) -> None:
    began = time.process_time()
    html(source)
    assert time.process_time() - began < 2


def test_the_region_is_found_by_its_prose() -> None:
    root, _ = parsed(page(HASHED))
    assert find_region(root).node.get("class") == "_2rh"


@pytest.mark.parametrize("page", ["</head></htnl>", '<html class="a<html><head id', "<!-- -->", "</p>"])
def test_a_page_without_an_element_has_no_text(page: str) -> None:
    assert html(page).text.strip() == ""


def test_two_bodies_with_control_characters() -> None:
    said = "客服电话响了两个星期，没有人拍板。"
    part = f"{said}\x10<b>二</b>{said}"
    assert html(f"一{part}</body><html><body>{part}</body></html></html>").text.count(said) == 4


def test_the_time_for_many_short_lines_grows_with_their_number_alone() -> None:
    began = time.process_time()
    tidy([Block("text", "品控坏了。")] * 200_000, None)
    assert time.process_time() - began < 4


def test_a_tag_of_many_attributes_is_refused_and_a_picture_in_one_is_not() -> None:
    text = f"<p>{'我们太急了，没有人说不。' * 20}</p>"
    many = "".join(f" a{k}=1" for k in range(20_000))
    with pytest.raises(ValueError, match="attributes"):
        html(f"<html><body><div{many}>{text}</div></body></html>")
    picture = "A+/b" * 50_000
    assert "没有人说不" in html(f'<html><body><img src="data:image/png;base64,{picture}==">{text}</body></html>').text


def test_what_looks_like_a_mark_is_none() -> None:
    source = page(
        f"<h2>起因</h2><p># 井号开头的一句话，没有别的意思。</p><p>{A}</p><p>&gt; 大于号也一样。</p><p>{B}</p>"
    )
    found = html(source).text
    assert "\\# 井号" in found
    assert "\\> 大于号" in found
