<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22" styleCategories="Symbology">
 <renderer-v2 type="RuleRenderer" symbollevels="0" enableorderby="0" forceraster="0">
  <rules key="rules">
   <rule key="r0" symbol="0" label="Band: support" filter="&quot;layer&quot; = 'band' AND &quot;kind&quot; = 'support'"/>
   <rule key="r1" symbol="1" label="Band: 90 % interval" filter="&quot;layer&quot; = 'band' AND &quot;kind&quot; = '90 % interval'"/>
   <rule key="r2" symbol="2" label="Band: 50 % interval" filter="&quot;layer&quot; = 'band' AND &quot;kind&quot; = '50 % interval'"/>
   <rule key="r3" symbol="3" label="Band: core" filter="&quot;layer&quot; = 'band' AND &quot;kind&quot; = 'core'"/>
   <rule key="r4" symbol="4" label="Band: half credit" filter="&quot;layer&quot; = 'band' AND &quot;kind&quot; = 'half credit'"/>
   <rule key="r5" symbol="5" label="Feature (area)" filter="&quot;layer&quot; = 'feature' AND geometry_type($geometry) = 'Polygon'"/>
   <rule key="r6" symbol="6" label="Feature (line)" filter="&quot;layer&quot; = 'feature' AND geometry_type($geometry) = 'Line'"/>
   <rule key="r7" symbol="7" label="Shortest way" filter="&quot;layer&quot; = 'way'"/>
   <rule key="r8" symbol="8" label="Feature (point)" filter="&quot;layer&quot; = 'feature' AND geometry_type($geometry) = 'Point'"/>
   <rule key="r9" symbol="9" label="Site: less than 1 %" filter="&quot;layer&quot; = 'site' AND &quot;posterior&quot; &lt; 0.01"/>
   <rule key="r10" symbol="10" label="Site: 1 % or more" filter="&quot;layer&quot; = 'site' AND &quot;posterior&quot; &gt;= 0.01 AND &quot;posterior&quot; &lt; 0.1"/>
   <rule key="r11" symbol="11" label="Site: 10 % or more" filter="&quot;layer&quot; = 'site' AND &quot;posterior&quot; &gt;= 0.1 AND &quot;posterior&quot; &lt; 0.5"/>
   <rule key="r12" symbol="12" label="Site: 50 % or more" filter="&quot;layer&quot; = 'site' AND &quot;posterior&quot; &gt;= 0.5"/>
  </rules>
  <symbols>
   <symbol name="0" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="86,180,233,30"/>
      <Option name="style" type="QString" value="solid"/>
      <Option name="outline_color" type="QString" value="86,180,233,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.3"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="86,180,233,30"/>
     <prop k="style" v="solid"/>
     <prop k="outline_color" v="86,180,233,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.3"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="1" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="86,180,233,50"/>
      <Option name="style" type="QString" value="solid"/>
      <Option name="outline_color" type="QString" value="86,180,233,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.3"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="86,180,233,50"/>
     <prop k="style" v="solid"/>
     <prop k="outline_color" v="86,180,233,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.3"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="2" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="0,114,178,50"/>
      <Option name="style" type="QString" value="solid"/>
      <Option name="outline_color" type="QString" value="0,114,178,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.3"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="0,114,178,50"/>
     <prop k="style" v="solid"/>
     <prop k="outline_color" v="0,114,178,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.3"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="3" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="0,114,178,50"/>
      <Option name="style" type="QString" value="solid"/>
      <Option name="outline_color" type="QString" value="0,114,178,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.3"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="0,114,178,50"/>
     <prop k="style" v="solid"/>
     <prop k="outline_color" v="0,114,178,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.3"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="4" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="0,158,115,30"/>
      <Option name="style" type="QString" value="solid"/>
      <Option name="outline_color" type="QString" value="0,158,115,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.3"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="0,158,115,30"/>
     <prop k="style" v="solid"/>
     <prop k="outline_color" v="0,158,115,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.3"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="5" type="fill" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleFill" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="color" type="QString" value="0,0,0,0"/>
      <Option name="style" type="QString" value="no"/>
      <Option name="outline_color" type="QString" value="0,0,0,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.5"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
     </Option>
     <prop k="color" v="0,0,0,0"/>
     <prop k="style" v="no"/>
     <prop k="outline_color" v="0,0,0,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.5"/>
     <prop k="outline_width_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="6" type="line" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="line_color" type="QString" value="0,0,0,255"/>
      <Option name="line_style" type="QString" value="solid"/>
      <Option name="line_width" type="QString" value="0.6"/>
      <Option name="line_width_unit" type="QString" value="MM"/>
      <Option name="capstyle" type="QString" value="round"/>
      <Option name="joinstyle" type="QString" value="round"/>
     </Option>
     <prop k="line_color" v="0,0,0,255"/>
     <prop k="line_style" v="solid"/>
     <prop k="line_width" v="0.6"/>
     <prop k="line_width_unit" v="MM"/>
     <prop k="capstyle" v="round"/>
     <prop k="joinstyle" v="round"/>
    </layer>
   </symbol>
   <symbol name="7" type="line" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleLine" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="line_color" type="QString" value="153,153,153,255"/>
      <Option name="line_style" type="QString" value="dash"/>
      <Option name="line_width" type="QString" value="0.4"/>
      <Option name="line_width_unit" type="QString" value="MM"/>
      <Option name="capstyle" type="QString" value="round"/>
      <Option name="joinstyle" type="QString" value="round"/>
     </Option>
     <prop k="line_color" v="153,153,153,255"/>
     <prop k="line_style" v="dash"/>
     <prop k="line_width" v="0.4"/>
     <prop k="line_width_unit" v="MM"/>
     <prop k="capstyle" v="round"/>
     <prop k="joinstyle" v="round"/>
    </layer>
   </symbol>
   <symbol name="8" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="name" type="QString" value="square"/>
      <Option name="color" type="QString" value="0,0,0,255"/>
      <Option name="outline_color" type="QString" value="40,40,40,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.2"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
      <Option name="size" type="QString" value="2.6"/>
      <Option name="size_unit" type="QString" value="MM"/>
     </Option>
     <prop k="name" v="square"/>
     <prop k="color" v="0,0,0,255"/>
     <prop k="outline_color" v="40,40,40,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.2"/>
     <prop k="outline_width_unit" v="MM"/>
     <prop k="size" v="2.6"/>
     <prop k="size_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="9" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="name" type="QString" value="circle"/>
      <Option name="color" type="QString" value="153,153,153,255"/>
      <Option name="outline_color" type="QString" value="40,40,40,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.2"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
      <Option name="size" type="QString" value="1.6"/>
      <Option name="size_unit" type="QString" value="MM"/>
     </Option>
     <prop k="name" v="circle"/>
     <prop k="color" v="153,153,153,255"/>
     <prop k="outline_color" v="40,40,40,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.2"/>
     <prop k="outline_width_unit" v="MM"/>
     <prop k="size" v="1.6"/>
     <prop k="size_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="10" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="name" type="QString" value="circle"/>
      <Option name="color" type="QString" value="86,180,233,255"/>
      <Option name="outline_color" type="QString" value="40,40,40,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.2"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
      <Option name="size" type="QString" value="2.4"/>
      <Option name="size_unit" type="QString" value="MM"/>
     </Option>
     <prop k="name" v="circle"/>
     <prop k="color" v="86,180,233,255"/>
     <prop k="outline_color" v="40,40,40,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.2"/>
     <prop k="outline_width_unit" v="MM"/>
     <prop k="size" v="2.4"/>
     <prop k="size_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="11" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="name" type="QString" value="circle"/>
      <Option name="color" type="QString" value="230,159,0,255"/>
      <Option name="outline_color" type="QString" value="40,40,40,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.2"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
      <Option name="size" type="QString" value="3.2"/>
      <Option name="size_unit" type="QString" value="MM"/>
     </Option>
     <prop k="name" v="circle"/>
     <prop k="color" v="230,159,0,255"/>
     <prop k="outline_color" v="40,40,40,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.2"/>
     <prop k="outline_width_unit" v="MM"/>
     <prop k="size" v="3.2"/>
     <prop k="size_unit" v="MM"/>
    </layer>
   </symbol>
   <symbol name="12" type="marker" alpha="1" clip_to_extent="1" force_rhr="0">
    <layer class="SimpleMarker" enabled="1" locked="0" pass="0">
     <Option type="Map">
      <Option name="name" type="QString" value="circle"/>
      <Option name="color" type="QString" value="213,94,0,255"/>
      <Option name="outline_color" type="QString" value="40,40,40,255"/>
      <Option name="outline_style" type="QString" value="solid"/>
      <Option name="outline_width" type="QString" value="0.2"/>
      <Option name="outline_width_unit" type="QString" value="MM"/>
      <Option name="size" type="QString" value="4"/>
      <Option name="size_unit" type="QString" value="MM"/>
     </Option>
     <prop k="name" v="circle"/>
     <prop k="color" v="213,94,0,255"/>
     <prop k="outline_color" v="40,40,40,255"/>
     <prop k="outline_style" v="solid"/>
     <prop k="outline_width" v="0.2"/>
     <prop k="outline_width_unit" v="MM"/>
     <prop k="size" v="4"/>
     <prop k="size_unit" v="MM"/>
    </layer>
   </symbol>
  </symbols>
 </renderer-v2>
</qgis>
